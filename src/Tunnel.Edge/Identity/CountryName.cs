using MaxMind.Db;

namespace Tunnel.Edge.Identity;

/// <summary>A country in a database of countries.</summary>
internal sealed class CountryName
{
    [MapKey("iso_code")]
    public string? IsoCode { get; init; }
}
