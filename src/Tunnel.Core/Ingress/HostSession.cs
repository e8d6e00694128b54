using System.Net;

namespace Tunnel.Core.Ingress;

/// <summary>An open TCP connection of this host, in either direction.</summary>
public sealed record HostSession(IPEndPoint Local, IPEndPoint Remote)
{
    /// <summary>Those that a lock ends: from outside, and never the caller's.</summary>
    internal static IReadOnlyList<HostSession> EndedBy(bool closeEstablished, HostFacts facts) => closeEstablished
        ? [.. facts.Sessions.Where(s => s != facts.Caller && s.IsInboundTo(facts.Listening))]
        : [];

    /// <summary>Whether it was made from outside, as far as what listens tells.</summary>
    internal bool IsInboundTo(IReadOnlyList<ListeningSocket> listening) => listening.Any(l =>
        l.Protocol == "tcp" && l.EndPoint.Port == Local.Port
        && (l.EndPoint.Address.Equals(IPAddress.Any) || l.EndPoint.Address.Equals(IPAddress.IPv6Any) || l.EndPoint.Address.Equals(Local.Address)));

    public override string ToString() => $"{Remote} to port {Local.Port}";
}
