using System.Diagnostics;
using Tunnel.Benchmarks.Lab;
using Tunnel.Benchmarks.Recovery;
using Tunnel.Benchmarks.Report;
using Tunnel.Benchmarks.Ssh;
using Tunnel.Benchmarks.Startup;
using Tunnel.Benchmarks.Streams;

namespace Tunnel.Benchmarks;

/// <summary>Sets everything up, gives each subject its turns, prints the table.</summary>
internal static class BenchmarkRun
{
    /// <summary>Between two turns, so that what the last one left in flight is over.</summary>
    private static readonly TimeSpan s_pause = TimeSpan.FromMilliseconds(50);

    /// <summary>After this each row gets one round only: on a machine that is busy with other things all takes longer.</summary>
    private static readonly TimeSpan s_manyRounds = TimeSpan.FromSeconds(140);

    public static async Task RunAsync(BenchmarkOptions options, CancellationToken cancellationToken)
    {
        var started = Stopwatch.GetTimestamp();
        var selected = Benchmarks(options).Where(benchmark => benchmark.Rows.Any(row => options.Selects(row.Name))).ToArray();
        if (selected.Length == 0)
        {
            throw new InvalidOperationException("No row has that in its name: " +
                string.Join("; ", Benchmarks(options).SelectMany(benchmark => benchmark.Rows).Select(row => row.Name)));
        }

        var results = new Results();
        var facts = MachineFacts.Read(options);
        await using (var lab = await BenchmarkLab.StartAsync(options, cancellationToken))
        {
            foreach (var benchmark in selected)
            {
                await MeasureAsync(benchmark, lab, options, results, started, cancellationToken);
            }
        }

        Console.WriteLine(facts);
        Console.WriteLine($"Up to {options.Rounds} rounds, {Stopwatch.GetElapsedTime(started).TotalSeconds:0} s in all. " +
            "Medians over the rounds (lowest-highest); the last columns are ratios of medians.");
        Console.WriteLine();
        var rows = selected.SelectMany(benchmark => benchmark.Rows).Where(row => options.Selects(row.Name));
        ResultTable.Write(Console.Out, [.. rows], results);
    }

    private static IReadOnlyList<IBenchmark> Benchmarks(BenchmarkOptions options) =>
    [
        new ThroughputBenchmark(Direction.Down, 1, options.Duration),
        new ThroughputBenchmark(Direction.Up, 1, options.Duration),
        new ThroughputBenchmark(Direction.Down, 4, options.Duration),
        new ThroughputBenchmark(Direction.Up, 4, options.Duration),
        new RoundTripBenchmark(options.Duration),
        new NewStreamBenchmark(options.Duration),
        new ProxyCommandBenchmark(),
        new SshBulkBenchmark(options.Duration),
        new ConnectorStartBenchmark(),
        new EdgeRestartBenchmark(),
    ];

    private static async Task MeasureAsync(
        IBenchmark benchmark, BenchmarkLab lab, BenchmarkOptions options, Results results, long started,
        CancellationToken cancellationToken)
    {
        var rounds = Math.Min(options.Rounds, benchmark.MaxRounds);
        for (var round = 0; round < rounds && (round == 0 || Stopwatch.GetElapsedTime(started) < s_manyRounds); round++)
        {
            await Console.Error.WriteLineAsync($"{benchmark.Rows[0].Name}: round {round + 1} of {rounds}");
            // Each round begins with another subject: none always runs on the machine as the same other one left it.
            var order = lab.Subjects.Skip(round % lab.Subjects.Count).Concat(lab.Subjects.Take(round % lab.Subjects.Count));
            try
            {
                await benchmark.MeasureAsync(lab, [.. order], results, cancellationToken);
            }
            catch (Exception error) when (error is IOException or InvalidOperationException or TimeoutException)
            {
                // The other rows are worth having all the same.
                await Console.Error.WriteLineAsync(error.Message);
            }

            await Task.Delay(s_pause, cancellationToken);
        }
    }
}
