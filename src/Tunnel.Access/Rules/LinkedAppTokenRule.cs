using System.Text.Json;

namespace Tunnel.Access;

/// <summary>Matches visitors with an OAuth token that an OIDC application of Access has issued. Which visitors these are is known at Cloudflare only.</summary>
/// <param name="ApplicationId">The application's id in the API.</param>
public sealed record LinkedAppTokenRule(string ApplicationId) : AccessRule
{
    /// <inheritdoc/>
    public override string Selector => "linked_app_token";

    internal override string WhyUnknown => "tokens of SaaS applications are not known here";

    internal override RuleMatch Matches(AccessVisitor visitor) => RuleMatch.Unknown;

    internal override void WriteMembers(Utf8JsonWriter writer) => writer.WriteString("app_uid", ApplicationId);
}
