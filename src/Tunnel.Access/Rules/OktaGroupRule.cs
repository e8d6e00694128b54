using System.Text.Json;

namespace Tunnel.Access;

/// <summary>Matches members of a group of Okta.</summary>
/// <param name="Name">The group's name.</param>
/// <param name="IdentityProviderId">The identity provider's id in the API.</param>
public sealed record OktaGroupRule(string Name, string IdentityProviderId) : IdentityProviderRule(IdentityProviderId)
{
    /// <inheritdoc/>
    public override string Selector => "okta";

    internal override RuleMatch MatchesSignIn(AccessVisitor visitor) => InGroup(visitor, Name, StringComparer.Ordinal);

    internal override void WriteMembers(Utf8JsonWriter writer)
    {
        WriteIdentityProvider(writer);
        writer.WriteString("name", Name);
    }
}
