using System.Diagnostics;
using Tunnel.Benchmarks.Lab;
using Tunnel.Benchmarks.Report;

namespace Tunnel.Benchmarks.Streams;

/// <summary>One byte after the other answered, as typing in a shell: 64 bytes there and back on an open stream.</summary>
internal sealed class RoundTripBenchmark(TimeSpan duration) : IBenchmark
{
    private const int WarmUp = 200;

    private readonly Row _median = new("round trip of 64 bytes p50, us", 0.8);
    private readonly Row _tail = new("round trip of 64 bytes p99, us", 0.8);

    public IReadOnlyList<Row> Rows => [_median, _tail];

    public async Task MeasureAsync(
        BenchmarkLab lab, IReadOnlyList<Subject> subjects, Results results, CancellationToken cancellationToken)
    {
        foreach (var subject in subjects)
        {
            var times = await MeasureAsync(subject, cancellationToken);
            results.Add(_median, subject, Samples.Quantile(times, 0.5));
            results.Add(_tail, subject, Samples.Quantile(times, 0.99));
        }
    }

    private async Task<List<double>> MeasureAsync(Subject subject, CancellationToken cancellationToken)
    {
        using var stream = await subject.OpenAsync(cancellationToken);
        await stream.WriteAsync(new[] { OriginRequest.Echo }, cancellationToken);
        var (sent, received) = (new byte[64], new byte[64]);
        var times = new List<double>(100_000);
        var started = Stopwatch.GetTimestamp();
        for (var i = 0; i < WarmUp || Stopwatch.GetElapsedTime(started) < duration; i++)
        {
            var before = Stopwatch.GetTimestamp();
            await stream.WriteAsync(sent, cancellationToken);
            await stream.ReadExactlyAsync(received, cancellationToken);
            if (i >= WarmUp)
            {
                times.Add(Stopwatch.GetElapsedTime(before).TotalMicroseconds);
            }
        }

        return times.Count > 0 ? times : [Stopwatch.GetElapsedTime(started).TotalMicroseconds / WarmUp];
    }
}
