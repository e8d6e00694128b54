using System.Globalization;

namespace Tunnel.Benchmarks.Lab;

/// <summary>The service behind the tunnels, in a process of its own: this program with <see cref="Mode"/>.</summary>
internal sealed class OriginProcess : IAsyncDisposable
{
    public const string Mode = "--origin";

    private readonly ChildProcess _process;

    private OriginProcess(ChildProcess process, int port) => (_process, Port) = (process, port);

    public int Port { get; }

    public int Id => _process.Id;

    public static async Task<OriginProcess> StartAsync(CancellationToken cancellationToken)
    {
        var program = Environment.ProcessPath!;
        // Started by "dotnet X.dll", the process is dotnet's.
        string[] arguments = Path.GetFileNameWithoutExtension(program) == "dotnet"
            ? [typeof(OriginProcess).Assembly.Location, Mode] : [Mode];
        var process = ChildProcess.Start(program, arguments, isOutputData: true);
        try
        {
            using var reader = new StreamReader(process.Output, leaveOpen: true);
            var line = await reader.ReadLineAsync(cancellationToken);
            return int.TryParse(line, NumberStyles.None, CultureInfo.InvariantCulture, out var port)
                ? new OriginProcess(process, port) : throw new InvalidOperationException("The origin did not start.");
        }
        catch
        {
            await process.DisposeAsync();
            throw;
        }
    }

    public ValueTask DisposeAsync() => _process.DisposeAsync();
}
