using System.Diagnostics;
using Tunnel.Benchmarks.Lab;
using Tunnel.Benchmarks.Report;

namespace Tunnel.Benchmarks.Recovery;

/// <summary>
/// The edge is killed and started again: from the start of its process until all four connections of each connector are
/// registered again. The direct column has the time until the edge itself accepts connections, the least it can be.
/// </summary>
internal sealed class EdgeRestartBenchmark : IBenchmark
{
    private readonly Row _healthy = new("healthy again after an edge restart, s", 0.2, Decimals: 2);

    public IReadOnlyList<Row> Rows => [_healthy];

    public async Task MeasureAsync(
        BenchmarkLab lab, IReadOnlyList<Subject> subjects, Results results, CancellationToken cancellationToken)
    {
        var connected = subjects.OfType<TunnelSubject>().ToArray();
        await Task.WhenAll(connected.Select(subject => subject.Connector.WaitAsync(ConnectorProcess.Connections, cancellationToken)));
        var started = 0L;
        await lab.Edge.RestartAsync(() => started = Stopwatch.GetTimestamp(), cancellationToken);
        results.Add(_healthy, subjects.First(subject => subject.Kind == SubjectKind.Direct), Stopwatch.GetElapsedTime(started).TotalSeconds);
        await Task.WhenAll(connected.Select(async subject =>
        {
            await subject.Connector.WaitAsync(ConnectorProcess.Connections, cancellationToken);
            var time = Stopwatch.GetElapsedTime(started).TotalSeconds;
            lock (results)
            {
                results.Add(_healthy, subject, time);
            }
        }));
    }
}
