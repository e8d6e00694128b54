using System.Globalization;

namespace Tunnel.Testing;

/// <summary>
/// Signals that this process was started to ignore, as by nohup, or in the background of a script. Programs that it starts
/// ignore them too (POSIX, exec): what they do with such a signal cannot be tested then.
/// </summary>
public static class IgnoredSignals
{
    public const int HangUp = 1;
    public const int Interrupt = 2;

    public static void SkipIfIgnored(int signal) => Assert.SkipWhen(
        OperatingSystem.IsLinux() && (Mask() >> (signal - 1) & 1) == 1,
        string.Create(CultureInfo.InvariantCulture, $"signal {signal} is ignored here, and so by every program that is started"));

    private static ulong Mask() => ulong.Parse(
        File.ReadLines("/proc/self/status").First(line => line.StartsWith("SigIgn:", StringComparison.Ordinal))["SigIgn:".Length..].Trim(),
        NumberStyles.HexNumber, CultureInfo.InvariantCulture);
}
