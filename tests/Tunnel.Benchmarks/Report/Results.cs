using Tunnel.Benchmarks.Lab;

namespace Tunnel.Benchmarks.Report;

/// <summary>What was measured, by row and subject.</summary>
internal sealed class Results
{
    private readonly Dictionary<(Row, SubjectKind), List<double>> _samples = [];

    public void Add(Row row, Subject subject, double value)
    {
        if (!_samples.TryGetValue((row, subject.Kind), out var samples))
        {
            _samples[(row, subject.Kind)] = samples = [];
        }

        samples.Add(value);
    }

    /// <summary>In ascending order; empty where nothing was measured.</summary>
    public IReadOnlyList<double> Of(Row row, SubjectKind subject) =>
        _samples.TryGetValue((row, subject), out var samples) ? [.. samples.Order()] : [];
}
