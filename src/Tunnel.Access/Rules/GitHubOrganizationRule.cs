using System.Text.Json;

namespace Tunnel.Access;

/// <summary>Matches members of a GitHub organisation, or of one team of it.</summary>
/// <param name="Organization">The organisation's name.</param>
/// <param name="IdentityProviderId">The identity provider's id in the API.</param>
/// <param name="Team">The team's name; null for every member.</param>
public sealed record GitHubOrganizationRule(string Organization, string IdentityProviderId, string? Team = null)
    : IdentityProviderRule(IdentityProviderId)
{
    /// <inheritdoc/>
    public override string Selector => "github-organization";

    // A team's name may hold a slash only where its slug would not; organisations' names never do.
    internal override RuleMatch MatchesSignIn(AccessVisitor visitor) =>
        InGroup(visitor, Team is null ? Organization : $"{Organization}/{Team}", StringComparer.OrdinalIgnoreCase);

    internal override void WriteMembers(Utf8JsonWriter writer)
    {
        WriteIdentityProvider(writer);
        writer.WriteString("name", Organization);
        if (Team is not null)
        {
            writer.WriteString("team", Team);
        }
    }
}
