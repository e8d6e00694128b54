using System.Diagnostics;
using Tunnel.Benchmarks.Lab;
using Tunnel.Benchmarks.Report;

namespace Tunnel.Benchmarks.Ssh;

/// <summary>Bulk data through a real ssh and sshd, login not counted.</summary>
internal sealed class SshBulkBenchmark(TimeSpan duration) : IBenchmark
{
    private const int BufferSize = 128 * 1024;
    private const double Mebibyte = 1024 * 1024;
    private const byte Ready = (byte)'r';

    private readonly Row _down = new("ssh bulk down, MiB/s", 2);
    private readonly Row _up = new("ssh bulk up, MiB/s", 2);

    public IReadOnlyList<Row> Rows => [_down, _up];

    public async Task MeasureAsync(
        BenchmarkLab lab, IReadOnlyList<Subject> subjects, Results results, CancellationToken cancellationToken)
    {
        foreach (var subject in subjects)
        {
            results.Add(_down, subject, await MeasureDownAsync(lab, subject, cancellationToken));
            results.Add(_up, subject, await MeasureUpAsync(lab, subject, cancellationToken));
        }
    }

    private async Task<double> MeasureDownAsync(BenchmarkLab lab, Subject subject, CancellationToken cancellationToken)
    {
        await using var ssh = await LogInAsync(lab, subject, "printf r; exec cat /dev/zero", cancellationToken);
        var buffer = new byte[BufferSize];
        var started = Stopwatch.GetTimestamp();
        long bytes = 0;
        while (Stopwatch.GetElapsedTime(started) < duration)
        {
            var read = await ssh.Output.ReadAsync(buffer, cancellationToken);
            bytes += read > 0 ? read : throw Ended(subject, ssh);
        }

        return bytes / Mebibyte / Stopwatch.GetElapsedTime(started).TotalSeconds;
    }

    private async Task<double> MeasureUpAsync(BenchmarkLab lab, Subject subject, CancellationToken cancellationToken)
    {
        await using var ssh = await LogInAsync(lab, subject, "printf r; cat >/dev/null; printf r", cancellationToken);
        var buffer = new byte[BufferSize];
        var started = Stopwatch.GetTimestamp();
        long bytes = 0;
        while (Stopwatch.GetElapsedTime(started) < duration)
        {
            await ssh.Input.WriteAsync(buffer, cancellationToken);
            bytes += buffer.Length;
        }

        // The time is over when the far end has read it all.
        ssh.Input.Close();
        await WaitUntilReadyAsync(subject, ssh, cancellationToken);
        return bytes / Mebibyte / Stopwatch.GetElapsedTime(started).TotalSeconds;
    }

    private static async Task<ChildProcess> LogInAsync(
        BenchmarkLab lab, Subject subject, string command, CancellationToken cancellationToken)
    {
        var ssh = ChildProcess.Start(
            "ssh", [.. lab.Ssh.ClientOptions, .. subject.SshOptions, Environment.UserName + "@benchmark", command],
            subject.Environment, isOutputData: true);
        try
        {
            await WaitUntilReadyAsync(subject, ssh, cancellationToken);
            return ssh;
        }
        catch
        {
            await ssh.DisposeAsync();
            throw;
        }
    }

    private static async Task WaitUntilReadyAsync(Subject subject, ChildProcess ssh, CancellationToken cancellationToken)
    {
        var answer = new byte[1];
        if (await ssh.Output.ReadAsync(answer, cancellationToken) == 0 || answer[0] != Ready)
        {
            throw Ended(subject, ssh);
        }
    }

    private static IOException Ended(Subject subject, ChildProcess ssh) => new($"ssh through {subject.Kind} ended: {ssh.Log}");
}
