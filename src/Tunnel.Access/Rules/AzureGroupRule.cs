using System.Text.Json;

namespace Tunnel.Access;

/// <summary>Matches members of a group of Entra ID (Azure AD).</summary>
/// <param name="GroupId">The group's object id.</param>
/// <param name="IdentityProviderId">The identity provider's id in the API.</param>
public sealed record AzureGroupRule(string GroupId, string IdentityProviderId) : IdentityProviderRule(IdentityProviderId)
{
    /// <inheritdoc/>
    public override string Selector => "azureAD";

    internal override RuleMatch MatchesSignIn(AccessVisitor visitor) =>
        InGroup(visitor, GroupId, StringComparer.OrdinalIgnoreCase);

    internal override void WriteMembers(Utf8JsonWriter writer)
    {
        writer.WriteString("id", GroupId);
        WriteIdentityProvider(writer);
    }
}
