using System.Text.Json;

namespace Tunnel.Access;

/// <summary>Matches visitors who come from an address in a list. Which visitors these are is known at Cloudflare only.</summary>
/// <param name="ListId">The list's id in the API.</param>
public sealed record IpListRule(string ListId) : AccessRule
{
    /// <inheritdoc/>
    public override string Selector => "ip_list";

    internal override string WhyUnknown => "what is in the list is not known here";

    internal override RuleMatch Matches(AccessVisitor visitor) => RuleMatch.Unknown;

    internal override void WriteMembers(Utf8JsonWriter writer) => writer.WriteString("id", ListId);
}
