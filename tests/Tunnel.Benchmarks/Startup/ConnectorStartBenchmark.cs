using Tunnel.Benchmarks.Lab;
using Tunnel.Benchmarks.Report;

namespace Tunnel.Benchmarks.Startup;

/// <summary>A new connector process: how soon it is registered, and the memory that it holds when nothing happens.</summary>
/// <remarks>The direct column has what an idle connection costs the origin, which the connector's comes on top of.</remarks>
internal sealed class ConnectorStartBenchmark : IBenchmark
{
    private const int IdleStreams = 200;
    private const int OpenAtOnce = 8;

    /// <summary>Until what belongs to the start has been done.</summary>
    private static readonly TimeSpan s_settle = TimeSpan.FromSeconds(0.7);

    private readonly Row _first = new("start to first connection registered, ms", 0.5);
    private readonly Row _all = new("start to all four registered, ms", 0.1);
    private readonly Row _resident = new("connector memory idle, resident, MiB", 0.7, Decimals: 1);
    private readonly Row _private = new("connector memory idle, private, MiB", 0.7, Decimals: 1);
    private readonly Row _stream = new("memory per idle stream (resident), KiB", 0.5, Decimals: 1);

    public IReadOnlyList<Row> Rows => [_first, _all, _resident, _private, _stream];

    public async Task MeasureAsync(
        BenchmarkLab lab, IReadOnlyList<Subject> subjects, Results results, CancellationToken cancellationToken)
    {
        foreach (var subject in subjects)
        {
            var process = lab.Origin.Id;
            if (subject is TunnelSubject tunnel)
            {
                await tunnel.Connector.StopAsync(cancellationToken);
                var (first, all) = await tunnel.Connector.StartAsync(cancellationToken);
                results.Add(_first, subject, first.TotalMilliseconds);
                results.Add(_all, subject, all.TotalMilliseconds);
                process = tunnel.Connector.Id;
            }

            await Task.Delay(s_settle, cancellationToken);
            var idle = ProcessStatistics.Memory(process);
            if (subject is TunnelSubject)
            {
                results.Add(_resident, subject, idle.Resident / 1024);
                results.Add(_private, subject, idle.Private / 1024);
            }

            var busy = await MeasureWithStreamsAsync(subject, process, cancellationToken);
            results.Add(_stream, subject, (busy - idle.Resident) / IdleStreams);
        }
    }

    private static async Task<double> MeasureWithStreamsAsync(Subject subject, int process, CancellationToken cancellationToken)
    {
        var open = new List<Stream>();
        try
        {
            while (open.Count < IdleStreams)
            {
                open.AddRange(await Task.WhenAll(
                    Enumerable.Range(0, OpenAtOnce).Select(_ => OpenIdleAsync(subject, cancellationToken))));
            }

            await Task.Delay(s_settle, cancellationToken);
            return ProcessStatistics.Memory(process).Resident;
        }
        finally
        {
            await Task.WhenAll(open.Select(stream => stream.DisposeAsync().AsTask()));
        }
    }

    private static async Task<Stream> OpenIdleAsync(Subject subject, CancellationToken cancellationToken)
    {
        var stream = await subject.OpenAsync(cancellationToken);
        await stream.WriteAsync(new[] { OriginRequest.Echo, (byte)1 }, cancellationToken);
        await stream.ReadExactlyAsync(new byte[1], cancellationToken);
        return stream;
    }
}
