using System.Globalization;

namespace Tunnel.Benchmarks.Lab;

/// <summary>What the kernel accounts to a process (proc(5)).</summary>
internal static class ProcessStatistics
{
    /// <summary>The kernel's USER_HZ, which every Linux on the architectures that .NET supports has at 100.</summary>
    private const double TicksPerSecond = 100;

    /// <summary>Processor time in seconds, user and system, of all threads that are or were.</summary>
    public static double CpuSeconds(int processId)
    {
        var line = File.ReadAllText($"/proc/{processId}/stat");
        // The second field, the name in brackets, may hold blanks: count from behind it, where the third field stands.
        var fields = line[(line.LastIndexOf(')') + 2)..].Split(' ');
        return (Number(fields[14 - 3]) + Number(fields[15 - 3])) / TicksPerSecond;
    }

    /// <summary>Resident memory in KiB: all, and what no other process has as well.</summary>
    public static (double Resident, double Private) Memory(int processId)
    {
        var lines = File.ReadAllLines($"/proc/{processId}/smaps_rollup");
        return (Kibibytes(lines, "Rss:"), Kibibytes(lines, "Private_Clean:") + Kibibytes(lines, "Private_Dirty:"));
    }

    /// <summary>The most resident memory that it ever had, in KiB.</summary>
    public static double PeakMemory(int processId) => Kibibytes(File.ReadAllLines($"/proc/{processId}/status"), "VmHWM:");

    private static double Kibibytes(string[] lines, string name) => Number(
        lines.First(line => line.StartsWith(name, StringComparison.Ordinal))[name.Length..].Trim().Split(' ')[0]);

    private static double Number(string text) => double.Parse(text, CultureInfo.InvariantCulture);
}
