using Tunnel.Edge.Store;

namespace Tunnel.Edge.Login;

/// <summary>The zones that a page shows.</summary>
/// <param name="Shown">As many as a page has room for.</param>
/// <param name="All">How many there are.</param>
/// <param name="Filter">The part of a name that was looked for.</param>
internal sealed record ZoneChoice(IReadOnlyList<ZoneRecord> Shown, int All, string? Filter)
{
    /// <summary>The parameter with the part of a name.</summary>
    public const string Parameter = "name";

    public static ZoneChoice Of(IReadOnlyList<ZoneRecord> zones, string? filter) => new(
        [.. zones.Where(z => string.IsNullOrEmpty(filter) || z.Name.Contains(filter.Trim(), StringComparison.OrdinalIgnoreCase))
            .OrderBy(z => z.Name, StringComparer.Ordinal).Take(LoginPages.MaxZones)],
        zones.Count, filter);
}
