using System.Diagnostics;
using Tunnel.Benchmarks.Lab;
using Tunnel.Benchmarks.Report;

namespace Tunnel.Benchmarks.Streams;

/// <summary>
/// From nothing to the first echoed byte: on the visitor's connection to the edge when it is up already, which leaves
/// the edge's and the connector's work, and with a connection and TLS handshake of its own, as each ssh has it.
/// </summary>
internal sealed class NewStreamBenchmark(TimeSpan duration) : IBenchmark
{
    private readonly Row _another = new("new stream to first echoed byte p50, us", 0.8);
    private readonly Row _first = new("the same with its own TLS connection p50, us");

    public IReadOnlyList<Row> Rows => [_another, _first];

    public async Task MeasureAsync(
        BenchmarkLab lab, IReadOnlyList<Subject> subjects, Results results, CancellationToken cancellationToken)
    {
        foreach (var subject in subjects)
        {
            results.Add(_another, subject, await MeasureAsync(subject.OpenAnotherAsync, cancellationToken));
            results.Add(_first, subject, await MeasureAsync(subject.OpenAsync, cancellationToken));
        }
    }

    private async Task<double> MeasureAsync(Func<CancellationToken, Task<Stream>> open, CancellationToken cancellationToken)
    {
        var times = new List<double>();
        var buffer = new byte[1];
        var started = Stopwatch.GetTimestamp();
        // The first opens the connection that the others share.
        for (var i = 0; i < 5 || Stopwatch.GetElapsedTime(started) < duration; i++)
        {
            var before = Stopwatch.GetTimestamp();
            await using var stream = await open(cancellationToken);
            await stream.WriteAsync(new[] { OriginRequest.Echo, (byte)1 }, cancellationToken);
            await stream.ReadExactlyAsync(buffer, cancellationToken);
            if (i > 0)
            {
                times.Add(Stopwatch.GetElapsedTime(before).TotalMicroseconds);
            }
        }

        return Samples.Quantile(times, 0.5);
    }
}
