using System.Diagnostics;
using System.Runtime.InteropServices;
using System.Text;
using Tunnel.Testing;

namespace Tunnel.Agent.Tests;

/// <summary>The built program as a process; killed, if need be, with the test.</summary>
internal sealed class RunningAgent : IAsyncDisposable
{
    public const int HangUp = 1;
    private const int Terminate = 15;

    private readonly Process _process;
    private readonly StringBuilder _error = new();
    private readonly Task _reading;

    private RunningAgent(Process process)
    {
        _process = process;
        _reading = ReadErrorAsync();
    }

    public Stream Input => _process.StandardInput.BaseStream;

    public Stream Output => _process.StandardOutput.BaseStream;

    public string Error
    {
        get
        {
            lock (_error)
            {
                return _error.ToString();
            }
        }
    }

    public bool HasExited => _process.HasExited;

    /// <summary>Runs the program to its end.</summary>
    public static Task<ProcessResult> RunAsync(params string[] arguments) =>
        ProcessResult.RunAsync(AgentProgram.Path, arguments, environment: Clean());

    public static RunningAgent Start(IEnumerable<string> arguments, IReadOnlyDictionary<string, string>? environment = null)
    {
        var start = new ProcessStartInfo(AgentProgram.Path, arguments)
        {
            RedirectStandardInput = true,
            RedirectStandardOutput = true,
            RedirectStandardError = true,
        };
        foreach (var (name, value) in Clean().Concat(environment ?? new Dictionary<string, string>()))
        {
            start.Environment[name] = value;
        }

        return new RunningAgent(Process.Start(start)!);
    }

    /// <summary>Sends SIGTERM, or another signal.</summary>
    public void Stop(int signal = Terminate) => Assert.Equal(0, SendSignal(_process.Id, signal));

    public async Task<int> ExitAsync()
    {
        using var limit = CancellationTokenSource.CreateLinkedTokenSource(TestContext.Current.CancellationToken);
        limit.CancelAfter(Eventually.Limit);
        try
        {
            await _process.WaitForExitAsync(limit.Token);
        }
        catch (OperationCanceledException)
        {
            Assert.Fail("The program did not end. It said: " + Error);
        }

        await _reading;
        return _process.ExitCode;
    }

    public Task SaysAsync(string text) => Eventually.True(
        () => Error.Contains(text, StringComparison.Ordinal) || HasExited, $"'{text}' in: {Error}");

    public async ValueTask DisposeAsync()
    {
        if (!_process.HasExited)
        {
            _process.Kill();
            await _process.WaitForExitAsync();
        }

        await _reading;
        _process.Dispose();
    }

    /// <summary>Nothing of the machine's own settings: no home, hence no files of cloudflared's.</summary>
    private static Dictionary<string, string> Clean() => new() { ["HOME"] = "/nonexistent" };

    private async Task ReadErrorAsync()
    {
        while (await _process.StandardError.ReadLineAsync() is { } line)
        {
            lock (_error)
            {
                _error.AppendLine(line);
            }
        }
    }

    // The runtime has no way to send a signal.
    [DllImport("libc", EntryPoint = "kill")]
    private static extern int SendSignal(int processId, int signal);
}
