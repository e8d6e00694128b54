using System.Globalization;
using Tunnel.Benchmarks.Lab;

namespace Tunnel.Benchmarks.Report;

/// <summary>The results as aligned text.</summary>
internal static class ResultTable
{
    private static readonly string[] s_headings =
        ["", "direct", "tunnel-agent", "cloudflared", "agent/direct", "agent/cloudflared", "aim"];

    public static void Write(TextWriter output, IReadOnlyList<Row> rows, Results results)
    {
        var lines = rows.Select(row => Cells(row, results)).Prepend(s_headings).ToArray();
        var widths = Enumerable.Range(0, s_headings.Length).Select(column => lines.Max(line => line[column].Length)).ToArray();
        foreach (var line in lines)
        {
            output.WriteLine(string.Join("  ", line.Select((cell, column) =>
                column == 0 ? cell.PadRight(widths[0]) : cell.PadLeft(widths[column]))));
        }
    }

    private static string[] Cells(Row row, Results results)
    {
        var direct = results.Of(row, SubjectKind.Direct);
        var agent = results.Of(row, SubjectKind.Agent);
        var cloudflared = results.Of(row, SubjectKind.Cloudflared);
        return
        [
            row.Name, Text(row, direct), Text(row, agent), Text(row, cloudflared), Ratio(agent, direct), Ratio(agent, cloudflared),
            row.Aim is { } aim ? Number(aim, 1) : "",
        ];
    }

    private static string Text(Row row, IReadOnlyList<double> samples) => samples.Count == 0 ? "-"
        : $"{Number(Samples.Median(samples), row.Decimals)} ({Number(samples[0], row.Decimals)}-{Number(samples[^1], row.Decimals)})";

    private static string Ratio(IReadOnlyList<double> samples, IReadOnlyList<double> others) =>
        samples.Count == 0 || others.Count == 0 || Samples.Median(others) == 0 ? "-"
            : Number(Samples.Median(samples) / Samples.Median(others), 2);

    private static string Number(double value, int decimals) => value.ToString("F" + decimals, CultureInfo.InvariantCulture);
}
