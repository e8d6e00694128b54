using System.Buffers;
using System.Globalization;

namespace Tunnel.Edge.Store;

/// <summary>Durations as the API writes them: Go's notation, such as <c>24h</c>, <c>2h45m</c> or <c>300ms</c>.</summary>
public static class AccessDuration
{
    private static readonly SearchValues<char> NumberCharacters = SearchValues.Create("0123456789.");

    /// <summary>What an application's session lasts when nothing is set.</summary>
    public static TimeSpan DefaultSession { get; } = TimeSpan.FromHours(24);

    /// <summary>Reads a duration that is not negative and at most 100 years.</summary>
    public static bool TryParse(string? text, out TimeSpan duration)
    {
        duration = default;
        if (text is "0")
        {
            return true;
        }

        if (text is null or "" || text.Length > 64)
        {
            return false;
        }

        var rest = text.AsSpan();
        var seconds = 0m;
        while (!rest.IsEmpty)
        {
            var digits = rest.IndexOfAnyExcept(NumberCharacters);
            if (digits <= 0 || !decimal.TryParse(
                rest[..digits], NumberStyles.AllowDecimalPoint, CultureInfo.InvariantCulture, out var number))
            {
                return false;
            }

            rest = rest[digits..];
            var unit = rest.IndexOfAny(NumberCharacters);
            unit = unit < 0 ? rest.Length : unit;
            decimal? scale = rest[..unit] switch
            {
                "h" => 3600,
                "m" => 60,
                "s" => 1,
                "ms" => 0.001m,
                "us" or "µs" or "μs" => 0.000001m,
                "ns" => 0.000000001m,
                _ => null,
            };
            // Before multiplying: a decimal of many digits would overflow.
            if (scale is null || number > 4_000_000_000)
            {
                return false;
            }

            seconds += number * scale.Value;
            rest = rest[unit..];
        }

        if (seconds > (decimal)TimeSpan.FromDays(36525).TotalSeconds)
        {
            return false;
        }

        duration = TimeSpan.FromTicks((long)(seconds * TimeSpan.TicksPerSecond));
        return true;
    }
}
