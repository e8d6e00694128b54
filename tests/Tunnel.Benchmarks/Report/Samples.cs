namespace Tunnel.Benchmarks.Report;

/// <summary>Statistics of measurements.</summary>
internal static class Samples
{
    public static double Median(IReadOnlyList<double> ascending) =>
        (ascending[(ascending.Count - 1) / 2] + ascending[ascending.Count / 2]) / 2;

    /// <param name="samples">In any order, at least one.</param>
    /// <param name="quantile">0 to 1.</param>
    public static double Quantile(IEnumerable<double> samples, double quantile)
    {
        double[] ascending = [.. samples.Order()];
        return ascending[(int)Math.Min(ascending.Length - 1, ascending.Length * quantile)];
    }
}
