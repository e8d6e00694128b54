using System.Text.Json;

namespace Tunnel.Access;

/// <summary>Matches visitors whose device passes a check. Which devices do is known at Cloudflare only.</summary>
/// <param name="IntegrationId">The check's id in the API.</param>
/// <param name="AccountId">The account that the check belongs to, where it is another one.</param>
public sealed record DevicePostureRule(string IntegrationId, string? AccountId = null) : AccessRule
{
    /// <inheritdoc/>
    public override string Selector => "device_posture";

    internal override string WhyUnknown => "the posture of devices is not known here";

    internal override RuleMatch Matches(AccessVisitor visitor) => RuleMatch.Unknown;

    internal override void WriteMembers(Utf8JsonWriter writer)
    {
        writer.WriteString("integration_uid", IntegrationId);
        if (AccountId is not null)
        {
            writer.WriteString("account_id", AccountId);
        }
    }
}
