using System.Net;

namespace Tunnel.Core.Ingress;

/// <summary>What a lock leaves open, and which sockets it closes.</summary>
internal static class IngressOpenings
{
    public static readonly IngressOpening OpenSessions = new("TCP sessions that are open already", "-CloseEstablished ends them");
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
            : [OpenSessions],
        .. Always(rules.Outbound is not null),
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
