using Tunnel.Benchmarks.Lab;
using Tunnel.Benchmarks.Report;

namespace Tunnel.Benchmarks;

/// <summary>Measures one or more rows of the table.</summary>
internal interface IBenchmark
{
    IReadOnlyList<Row> Rows { get; }

    /// <summary>How many rounds are enough, for one that takes long.</summary>
    int MaxRounds => int.MaxValue;

    /// <summary>One round: every subject's turn, one after the other.</summary>
    /// <param name="subjects">In this round's order.</param>
    Task MeasureAsync(BenchmarkLab lab, IReadOnlyList<Subject> subjects, Results results, CancellationToken cancellationToken);
}
