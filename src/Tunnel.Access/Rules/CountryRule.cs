using System.Text.Json;

namespace Tunnel.Access;

/// <summary>Matches visitors whose address lies in one country.</summary>
/// <param name="CountryCode">Two letters of ISO 3166-1, or <c>T1</c> for Tor.</param>
public sealed record CountryRule(string CountryCode) : AccessRule
{
    /// <inheritdoc/>
    public override string Selector => "geo";

    internal override string WhyUnknown => "the country of the visitor's address is not known";

    internal override RuleMatch Matches(AccessVisitor visitor) => visitor.Country is { Length: > 0 } country
        ? Match(string.Equals(country, CountryCode, StringComparison.OrdinalIgnoreCase))
        : RuleMatch.Unknown;

    internal override void WriteMembers(Utf8JsonWriter writer) => writer.WriteString("country_code", CountryCode);

    /// <summary>Equal codes, whatever their case.</summary>
    public bool Equals(CountryRule? other) =>
        string.Equals(CountryCode, other?.CountryCode, StringComparison.OrdinalIgnoreCase);

    public override int GetHashCode() => StringComparer.OrdinalIgnoreCase.GetHashCode(CountryCode);
}
