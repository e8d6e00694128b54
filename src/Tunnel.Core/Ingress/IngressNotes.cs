using System.Globalization;

namespace Tunnel.Core.Ingress;

/// <summary>What a person should know before the door is closed.</summary>
internal static class IngressNotes
{
    public static IReadOnlyList<string> Of(NetworkIngressRules rules, HostFacts facts)
    {
        var notes = new List<string>();
        if (facts.Caller is { } caller)
        {
            notes.Add($"You came in by the door that is closing: your session {caller} goes on, another one like it is not let in. Come back by the tunnel.");
        }

        if (facts.Sessions.Count > 0)
        {
            notes.Add(rules.CloseEstablished
                ? "Open sessions from outside are ended."
                : $"Open TCP sessions go on until they end ({facts.Sessions.Count} now); -CloseEstablished ends them.");
        }

        var served = IngressOpenings.ServedUdp(rules, facts);
        if (served.Count > 0)
        {
            var ports = string.Join(", ", served.Select(p => string.Create(CultureInfo.InvariantCulture, $"{p}/udp")));
            notes.Add(rules.CloseEstablished
                ? $"Nobody is answered at {ports}, not even whom this host asks from there; -AllowPort or -AllowSource keeps that."
                : $"UDP has no sessions: a service at {ports} that goes on sending still hears its peer; -CloseEstablished ends that.");
        }

        var inside = facts.InternalInterfaces.Except(rules.AllowedInterfaces).ToList();
        if (inside.Count > 0)
        {
            var names = string.Join(", ", inside);
            notes.Add($"Containers and virtual machines on {names} {(rules.Outbound is null ? "still reach the network" : "reach the edge, name service and time")}, but no service of this host itself; -AllowInterface keeps that.");
        }

        if (facts.OtherTables.Count > 0)
        {
            var names = string.Join(", ", facts.OtherTables.Select(t => t["table ".Length..]));
            notes.Add($"Rules of others stay as they are, and come after these ({names}): forwarded ports, such as Docker's, are closed too"
                + (rules.AllowedPorts.Count + rules.AllowedSources.Count > 0 ? "; what is left open here, they may still refuse." : "."));
        }

        if (facts.EarlierRules.Count > 0)
        {
            notes.Add($"These rules of others stay in force, and may let in what the lock would not: {string.Join("; ", facts.EarlierRules)}.");
        }

        if (rules.Outbound is { } limits)
        {
            notes.Add($"Outbound is limited to the edge's addresses of now ({limits.EndPoints.Count}). Should the edge move, the tunnel ends: lock again with the new ones.");
        }

        if (rules.Outbound is not null)
        {
            notes.Add("Connections that this host or a container made before go on until they end.");
        }

        if (facts.Uplinks.Count == 0)
        {
            notes.Add("No interface leads out of this host now.");
        }

        return notes;
    }
}
