using System.Text.Json;

namespace Tunnel.Access;

/// <summary>Matches members of a group of Google Workspace.</summary>
/// <param name="Email">The group's address.</param>
/// <param name="IdentityProviderId">The identity provider's id in the API.</param>
public sealed record GoogleGroupRule(string Email, string IdentityProviderId) : IdentityProviderRule(IdentityProviderId)
{
    /// <inheritdoc/>
    public override string Selector => "gsuite";

    internal override RuleMatch MatchesSignIn(AccessVisitor visitor) =>
        InGroup(visitor, Email, StringComparer.OrdinalIgnoreCase);

    internal override void WriteMembers(Utf8JsonWriter writer)
    {
        writer.WriteString("email", Email);
        WriteIdentityProvider(writer);
    }
}
