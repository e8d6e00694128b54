using System.Diagnostics;
using Tunnel.Benchmarks.Lab;
using Tunnel.Benchmarks.Report;

namespace Tunnel.Benchmarks.Recovery;

/// <summary>
/// The edge is killed and started again: from the start of its process until all four connections of each connector are
/// registered again. The direct column has the time until the edge itself accepts connections, the least it can be.
/// </summary>
/// <remarks>Who takes longer than the limit is listed with the limit.</remarks>
internal sealed class EdgeRestartBenchmark : IBenchmark
{
    private static readonly TimeSpan s_limit = TimeSpan.FromSeconds(20);

    private readonly Row _healthy = new("healthy again after an edge restart (20: not yet), s", 0.2, Decimals: 2);

    public IReadOnlyList<Row> Rows => [_healthy];

    public int MaxRounds => 2;

    public async Task MeasureAsync(
        BenchmarkLab lab, IReadOnlyList<Subject> subjects, Results results, CancellationToken cancellationToken)
    {
        var connected = subjects.OfType<TunnelSubject>().ToArray();
        foreach (var subject in connected)
        {
            // A new process: how long it waits before it tries again must not come from the last round.
            await subject.Connector.StopAsync(cancellationToken);
            await subject.Connector.StartAsync(cancellationToken);
        }

        var started = 0L;
        await lab.Edge.RestartAsync(() => started = Stopwatch.GetTimestamp(), cancellationToken);
        var direct = subjects.First(subject => subject.Kind == SubjectKind.Direct);
        results.Add(_healthy, direct, Stopwatch.GetElapsedTime(started).TotalSeconds);
        var times = await Task.WhenAll(connected.Select(subject => MeasureAsync(subject, started, cancellationToken)));
        foreach (var (subject, time) in connected.Zip(times))
        {
            results.Add(_healthy, subject, time.TotalSeconds);
        }
    }

    private static async Task<TimeSpan> MeasureAsync(TunnelSubject subject, long started, CancellationToken cancellationToken)
    {
        try
        {
            await subject.Connector.WaitAsync(ConnectorProcess.Connections, s_limit, cancellationToken);
            return Stopwatch.GetElapsedTime(started);
        }
        catch (TimeoutException)
        {
            return s_limit;
        }
    }
}
