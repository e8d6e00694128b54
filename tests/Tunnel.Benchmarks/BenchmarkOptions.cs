using System.Globalization;

namespace Tunnel.Benchmarks;

/// <summary>What the command line asks for.</summary>
/// <param name="Filter">A part of the names of the rows to measure; null for all.</param>
/// <param name="Duration">How long one measurement of a stream takes.</param>
/// <param name="Rounds">How often each subject has its turn.</param>
/// <param name="Agent">The <c>tunnel-agent</c> to measure, and to run the edge with.</param>
/// <param name="Cloudflared">The cloudflared to compare with; null where there is none.</param>
internal sealed record BenchmarkOptions(string? Filter, TimeSpan Duration, int Rounds, string Agent, string? Cloudflared)
{
    private const string Usage = """
        Usage: Tunnel.Benchmarks [--filter TEXT] [--seconds N] [--rounds N] [--agent PATH] [--cloudflared PATH]
          --filter       only rows with this in their name, for instance "stream down"
          --seconds      of each measurement of a stream; 0.8 by default
          --rounds       each subject's turns; 3 by default
          --agent        the tunnel-agent to measure; bin/tunnel-agent by default
          --cloudflared  to compare with; by default the one on the PATH, "none" for none
        """;

    /// <exception cref="FormatException">Its message is for the user.</exception>
    public static BenchmarkOptions Parse(string[] arguments)
    {
        var options = new BenchmarkOptions(
            null, TimeSpan.FromSeconds(0.8), 3, Path.Combine(Root(), "bin", "tunnel-agent"), OnPath("cloudflared"));
        for (var i = 0; i < arguments.Length; i += 2)
        {
            var value = i + 1 < arguments.Length ? arguments[i + 1] : throw new FormatException(Usage);
            options = arguments[i] switch
            {
                "--filter" => options with { Filter = value },
                "--seconds" => options with { Duration = TimeSpan.FromSeconds(Number(value)) },
                "--rounds" => options with { Rounds = (int)Math.Max(1, Number(value)) },
                "--agent" => options with { Agent = Path.GetFullPath(value) },
                "--cloudflared" => options with { Cloudflared = value == "none" ? null : Path.GetFullPath(value) },
                _ => throw new FormatException(Usage),
            };
        }

        foreach (var program in new[] { options.Agent, options.Cloudflared })
        {
            if (program is not null && !File.Exists(program))
            {
                throw new FormatException($"There is no {program}. Build it first: ./build.ps1 Build");
            }
        }

        return options;
    }

    public bool Selects(string row) => Filter is null || row.Contains(Filter, StringComparison.OrdinalIgnoreCase);

    private static double Number(string text) =>
        double.TryParse(text, NumberStyles.AllowDecimalPoint, CultureInfo.InvariantCulture, out var number) && number is > 0 and < 3600
            ? number : throw new FormatException(Usage);

    /// <summary>The checkout that this was built in: the folder with the solution.</summary>
    private static string Root()
    {
        for (var folder = new DirectoryInfo(AppContext.BaseDirectory); folder is not null; folder = folder.Parent)
        {
            if (File.Exists(Path.Combine(folder.FullName, "Tunnel.sln")))
            {
                return folder.FullName;
            }
        }

        return Environment.CurrentDirectory;
    }

    private static string? OnPath(string program) => (Environment.GetEnvironmentVariable("PATH") ?? "")
        .Split(Path.PathSeparator, StringSplitOptions.RemoveEmptyEntries)
        .Select(folder => Path.Combine(folder, program))
        .FirstOrDefault(File.Exists);
}
