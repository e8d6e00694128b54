using System.Diagnostics;
using Tunnel.Benchmarks.Lab;
using Tunnel.Benchmarks.Report;

namespace Tunnel.Benchmarks.Startup;

/// <summary>
/// What the ProxyCommand adds to each ssh: from the start of its process to the first byte that the origin echoed
/// through it. The direct connection needs no process: connected to echoed.
/// </summary>
internal sealed class ProxyCommandBenchmark : IBenchmark
{
    private const int Starts = 7;

    private readonly Row _time = new("ProxyCommand start to first echoed byte p50, ms", 0.5, Decimals: 2);
    private readonly Row _memory = new("ProxyCommand peak memory, MiB", 0.5, Decimals: 1);

    public IReadOnlyList<Row> Rows => [_time, _memory];

    public async Task MeasureAsync(
        BenchmarkLab lab, IReadOnlyList<Subject> subjects, Results results, CancellationToken cancellationToken)
    {
        foreach (var subject in subjects)
        {
            var times = new List<double>();
            var memory = new List<double>();
            for (var i = 0; i < Starts; i++)
            {
                var started = Stopwatch.GetTimestamp();
                if (subject is TunnelSubject tunnel)
                {
                    await using var process = ChildProcess.Start(
                        tunnel.Program, tunnel.OriginProxyCommand, tunnel.Environment, isOutputData: true);
                    await EchoAsync(process.Input, process.Output, process, cancellationToken);
                    times.Add(Stopwatch.GetElapsedTime(started).TotalMilliseconds);
                    memory.Add(ProcessStatistics.PeakMemory(process.Id) / 1024);
                }
                else
                {
                    await using var stream = await subject.OpenAsync(cancellationToken);
                    await EchoAsync(stream, stream, null, cancellationToken);
                    times.Add(Stopwatch.GetElapsedTime(started).TotalMilliseconds);
                }
            }

            results.Add(_time, subject, Samples.Quantile(times, 0.5));
            if (memory.Count > 0)
            {
                results.Add(_memory, subject, Samples.Quantile(memory, 0.5));
            }
        }
    }

    private static async Task EchoAsync(Stream input, Stream output, ChildProcess? process, CancellationToken cancellationToken)
    {
        try
        {
            await input.WriteAsync(new[] { OriginRequest.Echo, (byte)1 }, cancellationToken);
            await input.FlushAsync(cancellationToken);
            await output.ReadExactlyAsync(new byte[1], cancellationToken);
        }
        catch (IOException error)
        {
            throw new IOException("The ProxyCommand ended: " + process?.Log, error);
        }
    }
}
