using System.Diagnostics;
using Tunnel.Benchmarks.Lab;
using Tunnel.Benchmarks.Report;

namespace Tunnel.Benchmarks.Streams;

/// <summary>Bulk data in one direction on one or several streams: the rate, and what it costs the connector and the edge.</summary>
internal sealed class ThroughputBenchmark(Direction direction, int streams, TimeSpan duration) : IBenchmark
{
    private const int BufferSize = 128 * 1024;
    private const double Mebibyte = 1024 * 1024;

    /// <summary>Of the duration: until windows and buffers have their size.</summary>
    private const double WarmUp = 0.3;

    private readonly Row _rate = new(
        $"{(streams == 1 ? "one stream" : $"{streams} streams")} {Name(direction)}, MiB/s", streams == 1 ? 2 : 1.5);

    private readonly Row _connector = new($"connector CPU {Name(direction)}, s/GiB", 0.5, Decimals: 2);
    private readonly Row _edge = new($"edge CPU {Name(direction)}, s/GiB", Decimals: 2);

    /// <summary>The costs only with one stream: several tell the same.</summary>
    public IReadOnlyList<Row> Rows => streams == 1 ? [_rate, _connector, _edge] : [_rate];

    public async Task MeasureAsync(
        BenchmarkLab lab, IReadOnlyList<Subject> subjects, Results results, CancellationToken cancellationToken)
    {
        foreach (var subject in subjects)
        {
            await MeasureAsync(lab, subject, results, cancellationToken);
        }
    }

    private async Task MeasureAsync(
        BenchmarkLab lab, Subject subject, Results results, CancellationToken cancellationToken)
    {
        var traffic = new Traffic();
        var open = new List<Stream>();
        try
        {
            for (var i = 0; i < streams; i++)
            {
                open.Add(await subject.OpenAsync(cancellationToken));
            }

            var running = open.Select(stream => RunAsync(stream, traffic, cancellationToken)).ToArray();
            await Task.Delay(duration * WarmUp, cancellationToken);
            var started = Stopwatch.GetTimestamp();
            var (bytes, costs) = (traffic.Bytes, Costs.Of(lab, subject));
            await Task.Delay(duration, cancellationToken);
            var seconds = Stopwatch.GetElapsedTime(started).TotalSeconds;
            bytes = traffic.Bytes - bytes;
            var (connector, edge) = Costs.Of(lab, subject) - costs;
            if (running.FirstOrDefault(task => task.IsCompleted) is { } ended)
            {
                await ended;
                throw new IOException($"A stream through {subject.Kind} ended early.");
            }

            results.Add(_rate, subject, bytes / Mebibyte / seconds);
            if (subject is TunnelSubject)
            {
                results.Add(_connector, subject, connector / (bytes / Mebibyte / 1024));
                results.Add(_edge, subject, edge / (bytes / Mebibyte / 1024));
            }
        }
        finally
        {
            foreach (var stream in open)
            {
                stream.Dispose();
            }
        }
    }

    private Task RunAsync(Stream stream, Traffic traffic, CancellationToken cancellationToken) => direction == Direction.Down
        ? ReceiveAsync(stream, traffic, cancellationToken)
        : Task.WhenAny(SendAsync(stream, cancellationToken), CountReceiptsAsync(stream, traffic, cancellationToken)).Unwrap();

    private static async Task ReceiveAsync(Stream stream, Traffic traffic, CancellationToken cancellationToken)
    {
        await stream.WriteAsync(new[] { OriginRequest.Send }, cancellationToken);
        var buffer = new byte[BufferSize];
        int read;
        while ((read = await stream.ReadAsync(buffer, cancellationToken)) > 0)
        {
            traffic.Add(read);
        }
    }

    private static async Task SendAsync(Stream stream, CancellationToken cancellationToken)
    {
        await stream.WriteAsync(new[] { OriginRequest.Receive }, cancellationToken);
        var buffer = new byte[BufferSize];
        while (true)
        {
            await stream.WriteAsync(buffer, cancellationToken);
        }
    }

    /// <summary>What counts is what has arrived, not what was put into buffers on the way.</summary>
    private static async Task CountReceiptsAsync(Stream stream, Traffic traffic, CancellationToken cancellationToken)
    {
        var buffer = new byte[1024];
        int read;
        while ((read = await stream.ReadAsync(buffer, cancellationToken)) > 0)
        {
            traffic.Add((long)read * OriginRequest.ReceiptSize);
        }
    }

    private static string Name(Direction direction) => direction == Direction.Down ? "down" : "up";

    /// <summary>Processor time in seconds.</summary>
    private readonly record struct Costs(double Connector, double Edge)
    {
        public static Costs Of(BenchmarkLab lab, Subject subject) => subject is TunnelSubject tunnel
            ? new(ProcessStatistics.CpuSeconds(tunnel.Connector.Id), ProcessStatistics.CpuSeconds(lab.Edge.Id)) : default;

        public static Costs operator -(Costs left, Costs right) => new(left.Connector - right.Connector, left.Edge - right.Edge);
    }

    private sealed class Traffic
    {
        private long _bytes;

        public long Bytes => Volatile.Read(ref _bytes);

        public void Add(long bytes) => Interlocked.Add(ref _bytes, bytes);
    }
}
