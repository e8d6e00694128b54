using System.Text.Json;

namespace Tunnel.Access;

/// <summary>Matches visitors who signed in at one identity provider.</summary>
/// <param name="IdentityProviderId">The identity provider's id in the API.</param>
public sealed record LoginMethodRule(string IdentityProviderId) : IdentityProviderRule(IdentityProviderId)
{
    /// <inheritdoc/>
    public override string Selector => "login_method";

    internal override RuleMatch MatchesSignIn(AccessVisitor visitor) => RuleMatch.Yes;

    internal override void WriteMembers(Utf8JsonWriter writer) => writer.WriteString("id", IdentityProviderId);
}
