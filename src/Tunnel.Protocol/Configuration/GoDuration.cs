using System.Buffers;
using System.Globalization;
using System.Text;

namespace Tunnel.Protocol.Configuration;

/// <summary>
/// Durations as Go writes them: <c>30s</c>, <c>1m30s</c>, <c>1.5h</c>, <c>100ms</c>, with an optional sign (Go's
/// <c>time.ParseDuration</c>). Finer than 100 ns is cut off.
/// </summary>
public static class GoDuration
{
    private const int MaxLength = 100;

    private static readonly SearchValues<char> NumberCharacters = SearchValues.Create("0123456789.");

    // Go's durations are 64-bit nanoseconds.
    private const decimal MaxTicks = long.MaxValue / 100;

    /// <summary>Reads a duration. False for text that Go refuses, and for more than 292 years.</summary>
    public static bool TryParse(string? text, out TimeSpan duration)
    {
        duration = default;
        if (text is null or { Length: 0 or > MaxLength })
        {
            return false;
        }
        var rest = text.AsSpan();
        var isNegative = rest[0] == '-';
        if (rest[0] is '-' or '+')
        {
            rest = rest[1..];
        }
        if (rest is "0")
        {
            return true;
        }
        decimal ticks = 0;
        if (rest.IsEmpty)
        {
            return false;
        }
        while (!rest.IsEmpty)
        {
            var numberLength = rest.IndexOfAnyExcept(NumberCharacters);
            if (numberLength <= 0 || !decimal.TryParse(rest[..numberLength], NumberStyles.AllowDecimalPoint, CultureInfo.InvariantCulture, out var number))
            {
                return false;
            }
            rest = rest[numberLength..];
            var unitLength = rest.IndexOfAny(NumberCharacters);
            var unit = unitLength < 0 ? rest : rest[..unitLength];
            rest = rest[unit.Length..];
            if (TicksOf(unit) is not { } unitTicks || number > MaxTicks)
            {
                return false;
            }
            ticks += number * unitTicks;
            if (ticks > MaxTicks)
            {
                return false;
            }
        }
        duration = new TimeSpan((long)(isNegative ? -ticks : ticks));
        return true;
    }

    /// <summary>Writes a duration that <see cref="TryParse"/> and Go read back.</summary>
    public static string Format(TimeSpan duration)
    {
        if (duration == TimeSpan.Zero)
        {
            return "0s";
        }
        var text = new StringBuilder(duration < TimeSpan.Zero ? "-" : "");
        var ticks = duration == TimeSpan.MinValue ? (ulong)long.MaxValue + 1 : (ulong)Math.Abs(duration.Ticks);
        Append(text, ref ticks, TimeSpan.TicksPerHour, "h");
        Append(text, ref ticks, TimeSpan.TicksPerMinute, "m");
        if (ticks > 0)
        {
            text.Append((ticks / (decimal)TimeSpan.TicksPerSecond).ToString("0.#######", CultureInfo.InvariantCulture)).Append('s');
        }
        return text.ToString();
    }

    private static void Append(StringBuilder text, ref ulong ticks, long ticksPerUnit, string unit)
    {
        var count = ticks / (ulong)ticksPerUnit;
        ticks %= (ulong)ticksPerUnit;
        if (count > 0)
        {
            text.Append(CultureInfo.InvariantCulture, $"{count}{unit}");
        }
    }

    private static decimal? TicksOf(ReadOnlySpan<char> unit) => unit switch
    {
        "ns" => 0.01m,
        "us" or "\u00b5s" or "\u03bcs" => TimeSpan.TicksPerMicrosecond,
        "ms" => TimeSpan.TicksPerMillisecond,
        "s" => TimeSpan.TicksPerSecond,
        "m" => TimeSpan.TicksPerMinute,
        "h" => TimeSpan.TicksPerHour,
        _ => null,
    };
}
