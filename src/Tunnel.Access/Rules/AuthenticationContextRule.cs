using System.Text.Json;

namespace Tunnel.Access;

/// <summary>Matches visitors who satisfied one authentication context of Entra ID (its claim <c>acrs</c>).</summary>
/// <param name="Id">The context's id in the API.</param>
/// <param name="ContextId">The context's id at Entra (<c>c1</c> to <c>c99</c>).</param>
/// <param name="IdentityProviderId">The identity provider's id in the API.</param>
public sealed record AuthenticationContextRule(string Id, string ContextId, string IdentityProviderId)
    : IdentityProviderRule(IdentityProviderId)
{
    /// <inheritdoc/>
    public override string Selector => "auth_context";

    internal override RuleMatch MatchesSignIn(AccessVisitor visitor) => HasClaim(visitor, "acrs", ContextId);

    internal override void WriteMembers(Utf8JsonWriter writer)
    {
        writer.WriteString("id", Id);
        writer.WriteString("ac_id", ContextId);
        WriteIdentityProvider(writer);
    }
}
