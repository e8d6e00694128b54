using System.Text.Json;

namespace Tunnel.Access;

/// <summary>Matches visitors of whom an OIDC provider told a claim, or a list that holds the value.</summary>
/// <param name="ClaimName">The claim's name; case counts.</param>
/// <param name="ClaimValue">The value as text; case counts.</param>
/// <param name="IdentityProviderId">The identity provider's id in the API.</param>
public sealed record OidcClaimRule(string ClaimName, string ClaimValue, string IdentityProviderId)
    : IdentityProviderRule(IdentityProviderId)
{
    /// <inheritdoc/>
    public override string Selector => "oidc";

    internal override RuleMatch MatchesSignIn(AccessVisitor visitor) => HasClaim(visitor, ClaimName, ClaimValue);

    internal override void WriteMembers(Utf8JsonWriter writer)
    {
        writer.WriteString("claim_name", ClaimName);
        writer.WriteString("claim_value", ClaimValue);
        WriteIdentityProvider(writer);
    }
}
