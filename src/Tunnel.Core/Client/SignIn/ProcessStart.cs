using System.ComponentModel;
using System.Diagnostics;
using System.Globalization;

namespace Tunnel.Core.Client.SignIn;

/// <summary>When a process started.</summary>
internal static class ProcessStart
{
    private const int StartTimeField = 20; // of those behind the name: the 22nd of all (proc(5))
    private const int TicksPerSecond = 100; // of Linux' user interface, on every architecture that .NET runs on

    /// <returns>Milliseconds since 1970; null when there is no such process.</returns>
    public static long? Of(int processId) => OperatingSystem.IsLinux() ? OfLinux(processId) : OfSystem(processId);

    /// <summary>By the boot time in whole seconds, as gopsutil and so cloudflared has it: both must find the same number.</summary>
    private static long? OfLinux(int processId)
    {
        try
        {
            var status = File.ReadAllText(string.Create(CultureInfo.InvariantCulture, $"/proc/{processId}/stat"));
            var ticks = status[(status.LastIndexOf(')') + 2)..].Split(' ')[StartTimeField - 1];
            var boot = File.ReadLines("/proc/stat").First(line => line.StartsWith("btime ", StringComparison.Ordinal))[6..];
            return (long.Parse(boot, CultureInfo.InvariantCulture) * 1000)
                + (long.Parse(ticks, CultureInfo.InvariantCulture) * 1000 / TicksPerSecond);
        }
        catch (Exception e) when (e is IOException or UnauthorizedAccessException)
        {
            return null;
        }
    }

    private static long? OfSystem(int processId)
    {
        try
        {
            using var process = Process.GetProcessById(processId);
            return new DateTimeOffset(process.StartTime).ToUnixTimeMilliseconds();
        }
        catch (Exception e) when (e is ArgumentException or InvalidOperationException or Win32Exception)
        {
            return null;
        }
    }
}
