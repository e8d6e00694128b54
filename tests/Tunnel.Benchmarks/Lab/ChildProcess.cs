using System.Collections.Concurrent;
using System.Diagnostics;

namespace Tunnel.Benchmarks.Lab;

/// <summary>A program that runs beside the benchmark and ends with it. What it logs is kept for when it fails.</summary>
internal sealed class ChildProcess : IAsyncDisposable
{
    private const int KeptLines = 40;

    private readonly Process _process;
    private readonly ConcurrentQueue<string> _log = new();
    private readonly Task _reading;

    private ChildProcess(Process process, bool readOutput)
    {
        _process = process;
        _reading = Task.WhenAll(KeepAsync(process.StandardError), readOutput ? KeepAsync(process.StandardOutput) : Task.CompletedTask);
    }

    public int Id => _process.Id;

    public bool HasExited => _process.HasExited;

    /// <summary>To write to; the program reads it as its standard input.</summary>
    public Stream Input => _process.StandardInput.BaseStream;

    /// <summary>What the program writes, where that is not its log.</summary>
    public Stream Output => _process.StandardOutput.BaseStream;

    /// <summary>The last lines that it has logged.</summary>
    public string Log => string.Join(Environment.NewLine, _log);

    /// <param name="isOutputData">Standard output is to be read by the caller; else it is a log too.</param>
    public static ChildProcess Start(
        string program, IEnumerable<string> arguments, IReadOnlyDictionary<string, string>? environment = null, bool isOutputData = false)
    {
        var start = new ProcessStartInfo(program, arguments)
        {
            RedirectStandardInput = true,
            RedirectStandardOutput = true,
            RedirectStandardError = true,
        };
        foreach (var (name, value) in environment ?? new Dictionary<string, string>())
        {
            start.Environment[name] = value;
        }

        return new ChildProcess(Process.Start(start)!, !isOutputData);
    }

    public Task WaitForExitAsync(CancellationToken cancellationToken) => _process.WaitForExitAsync(cancellationToken);

    /// <summary>Kills it, with its children: the kernel closes its connections at once.</summary>
    public async ValueTask DisposeAsync()
    {
        try
        {
            _process.Kill(entireProcessTree: true);
        }
        catch (InvalidOperationException)
        {
            // It has ended by itself.
        }

        await _process.WaitForExitAsync();
        await _reading;
        _process.Dispose();
    }

    private async Task KeepAsync(StreamReader reader)
    {
        try
        {
            while (await reader.ReadLineAsync() is { } line)
            {
                _log.Enqueue(line);
                if (_log.Count > KeptLines)
                {
                    _log.TryDequeue(out _);
                }
            }
        }
        catch (Exception error) when (error is IOException or ObjectDisposedException)
        {
            // The program is gone.
        }
    }
}
