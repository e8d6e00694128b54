using System.Diagnostics;
using System.Globalization;

namespace Tunnel.Benchmarks.Lab;

/// <summary>A connector, by the command line that cloudflared and tunnel-agent share.</summary>
internal sealed class ConnectorProcess(string program, EdgeProcess edge, Publication publication) : IAsyncDisposable
{
    public const int Connections = 4;

    private static readonly TimeSpan s_limit = TimeSpan.FromSeconds(60);

    private ChildProcess? _process;

    public int Id => _process!.Id;

    /// <summary>Starts it and returns when all its connections are registered.</summary>
    /// <returns>The time from the start of the process to the first, and to all of the connections.</returns>
    public async Task<(TimeSpan First, TimeSpan All)> StartAsync(CancellationToken cancellationToken)
    {
        var address = string.Create(CultureInfo.InvariantCulture, $"127.0.0.1:{edge.TunnelPort}");
        string[] arguments =
        [
            "tunnel", "--config", publication.ConfigurationFile, "--cacert", edge.CertificateAuthorityFile,
            "--protocol", "http2", "--no-autoupdate", "--no-prechecks", "--metrics", "127.0.0.1:0",
            // cloudflared makes as many connections as it is given addresses.
            .. Enumerable.Repeat(new[] { "--edge", address }, Connections).SelectMany(option => option),
            "run",
        ];
        var started = Stopwatch.GetTimestamp();
        _process = ChildProcess.Start(program, arguments, new Dictionary<string, string> { ["HOME"] = publication.Directory });
        await WaitAsync(1, s_limit, cancellationToken);
        var first = Stopwatch.GetElapsedTime(started);
        await WaitAsync(Connections, s_limit, cancellationToken);
        return (first, Stopwatch.GetElapsedTime(started));
    }

    /// <summary>Waits until that many connections are registered.</summary>
    /// <exception cref="TimeoutException">They were not within the limit.</exception>
    public Task WaitAsync(int connections, TimeSpan limit, CancellationToken cancellationToken) => Waiting.UntilAsync(
        async () => _process!.HasExited
            ? throw new InvalidOperationException($"{program} ended:\n{_process.Log}")
            : await edge.RegisteredAsync(publication.TunnelId, cancellationToken) >= connections,
        $"{connections} connections of {program}", limit, cancellationToken);

    /// <summary>Ends the process and returns when the edge knows.</summary>
    public async Task StopAsync(CancellationToken cancellationToken)
    {
        await DisposeAsync();
        await Waiting.UntilAsync(
            async () => await edge.RegisteredAsync(publication.TunnelId, cancellationToken) == 0,
            $"the edge has forgotten {program}", s_limit, cancellationToken);
    }

    public async ValueTask DisposeAsync()
    {
        if (_process is not null)
        {
            await _process.DisposeAsync();
            _process = null;
        }
    }
}
