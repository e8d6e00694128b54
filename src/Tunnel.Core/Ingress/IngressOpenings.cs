using System.Net;

namespace Tunnel.Core.Ingress;

/// <summary>What a lock leaves open, and which sockets it closes.</summary>
internal static class IngressOpenings
{
    public static readonly IngressOpening OpenSessions = new("TCP sessions that are open already", "-CloseEstablished ends them");
    public static readonly IngressOpening UdpFlows = new("UDP flows in which this host goes on sending", "-CloseEstablished ends them");

    public static readonly IngressOpening Ping = new("ping", Asked);

    private const string Asked = "asked for";

    public static IngressOpening Of(AllowedPort port) => new(port.ToString(), Asked);

    public static IngressOpening Of(IPNetwork source) => new($"from {source}", Asked);

    public static IngressOpening OfInterface(string name) => new($"interface {name}", Asked);

    public static IngressOpening SessionOf(HostSession caller) => new($"session {caller}", "it carries you");

    public static IReadOnlyList<IngressOpening> Of(NetworkIngressRules rules, HostFacts facts) =>
    [
        .. rules.AllowedPorts.Select(Of),
        .. rules.AllowedSources.Select(Of),
        .. rules.AllowedInterfaces.Select(OfInterface),
        .. rules.AllowIcmp ? [Ping] : Array.Empty<IngressOpening>(),
        .. rules.CloseEstablished
            ? facts.Caller is { } caller ? [SessionOf(caller)] : Array.Empty<IngressOpening>()
            : ServedUdp(rules, facts).Count > 0 ? [OpenSessions, UdpFlows] : [OpenSessions],
        .. Always(rules.Outbound is not null),
    ];

    /// <summary>
    /// UDP ports at which others are served. A firewall that begins to track when the lock is made takes what such a service
    /// sends for a question, and lets the answers in. Time and DHCP ask from ports of their own;
    /// a socket of the kernel is WireGuard's or another tunnel's, wherever its port lies.
    /// </summary>
    public static IReadOnlyList<int> ServedUdp(NetworkIngressRules rules, HostFacts facts) =>
    [
        .. facts.Listening
            .Where(l => l.Protocol == "udp" && (l.EndPoint.Port < facts.FirstEphemeralPort || l.Process == ListeningSocket.Kernel) && l.EndPoint.Port is not (68 or 123 or 546)
                && !rules.AllowedPorts.Any(p => p.Covers(l)))
            .Select(l => l.EndPoint.Port).Distinct().Order(),
    ];

    public static IReadOnlyList<IngressOpening> Always(bool limitsOutbound) =>
    [
        new("loopback", "programs of this host"),
        new("answers to what this host asks", limitsOutbound ? "the edge, name service and time" : "outbound is open"),
        new("neighbour discovery, path MTU, DHCP", "the network needs them"),
    ];

    /// <summary>The sockets that no opening for everybody covers.</summary>
    public static IReadOnlyList<ListeningSocket> ClosedBy(IReadOnlyList<IngressOpening> openings, HostFacts facts)
    {
        var ports = openings.Where(o => o.What.Contains('/', StringComparison.Ordinal) && char.IsAsciiDigit(o.What[0])).Select(o => AllowedPort.Parse(o.What)).ToList();
        return [.. facts.Listening.Where(l => !ports.Exists(p => p.Covers(l)))];
    }
}
