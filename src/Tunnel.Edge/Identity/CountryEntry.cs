using MaxMind.Db;

namespace Tunnel.Edge.Identity;

/// <summary>What is read of an address's entry in a database of countries.</summary>
internal sealed class CountryEntry
{
    [MapKey("country")]
    public CountryName? Country { get; init; }
}
