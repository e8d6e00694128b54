using System.Text.Json;

namespace Tunnel.Access;

/// <summary>Matches visitors whose address is in a list of addresses. Which visitors these are is known at Cloudflare only.</summary>
/// <param name="ListId">The list's id in the API.</param>
public sealed record EmailListRule(string ListId) : AccessRule
{
    /// <inheritdoc/>
    public override string Selector => "email_list";

    internal override string WhyUnknown => "what is in the list is not known here";

    internal override RuleMatch Matches(AccessVisitor visitor) => RuleMatch.Unknown;

    internal override void WriteMembers(Utf8JsonWriter writer) => writer.WriteString("id", ListId);
}
