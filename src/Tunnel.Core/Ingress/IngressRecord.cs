using System.Security.Cryptography;
using System.Text;
using System.Text.Json;

namespace Tunnel.Core.Ingress;

/// <summary>What is written down of a lock where the firewall itself has no place for it.</summary>
/// <param name="LockId">Which lock.</param>
/// <param name="Fingerprint">Of the rules; the same for two locks with the same rules.</param>
/// <param name="Persist">Keep it over reboots once it is confirmed.</param>
/// <param name="LimitsOutbound">Outbound is limited, too.</param>
/// <param name="Openings">What was left open by choice.</param>
internal sealed record IngressRecord(
    string LockId, string Fingerprint, bool Persist, bool LimitsOutbound, IReadOnlyList<IngressOpening> Openings)
{
    public static IngressRecord Of(string lockId, string permanent, NetworkIngressRules rules, IReadOnlyList<IngressOpening> openings) => new(
        lockId,
        FingerprintOf(permanent),
        rules.Persist,
        rules.Outbound is not null,
        [.. openings.Except(IngressOpenings.Always(rules.Outbound is not null))]);

    public static string FingerprintOf(string permanent) =>
        Convert.ToHexStringLower(SHA256.HashData(Encoding.UTF8.GetBytes(permanent)));

    /// <summary>One line, ASCII.</summary>
    public string ToJson() => JsonSerializer.Serialize(this, IngressRecordJson.Default.IngressRecord);

    /// <exception cref="NetworkIngressException">It was not written by this version.</exception>
    public static IngressRecord Parse(string json)
    {
        try
        {
            return JsonSerializer.Deserialize(json, IngressRecordJson.Default.IngressRecord) is { LockId: not null, Fingerprint: not null, Openings: not null } record
                && record.Openings.All(o => o is { What: not null, Why: not null })
                    ? record
                    : throw Unreadable(null);
        }
        catch (JsonException e)
        {
            throw Unreadable(e);
        }
    }

    private static NetworkIngressException Unreadable(Exception? e) => new(
        NetworkIngressError.FirewallRefused,
        "A lock is there, but what was written down of it cannot be read. Open with Enable-NetworkIngress, and lock again.", e);
}
