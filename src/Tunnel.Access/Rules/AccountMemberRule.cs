using System.Text.Json;

namespace Tunnel.Access;

/// <summary>Matches members of a Cloudflare account. Who these are is known at Cloudflare only.</summary>
/// <param name="AccountId">The account; null for the policy's own.</param>
public sealed record AccountMemberRule(string? AccountId = null) : AccessRule
{
    /// <inheritdoc/>
    public override string Selector => "cloudflare_account_member";

    internal override string WhyUnknown => "the members of Cloudflare accounts are not known here";

    internal override RuleMatch Matches(AccessVisitor visitor) => RuleMatch.Unknown;

    internal override void WriteMembers(Utf8JsonWriter writer)
    {
        if (AccountId is not null)
        {
            writer.WriteString("account_id", AccountId);
        }
    }
}
