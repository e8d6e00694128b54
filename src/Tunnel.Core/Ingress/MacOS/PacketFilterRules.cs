using System.Globalization;
using System.Net;
using System.Net.Sockets;
using System.Text;

namespace Tunnel.Core.Ingress.MacOS;

/// <summary>
/// Writes the rules of a lock as pf reads them (pf.conf(5)), for an anchor of our own. Every rule is <c>quick</c>: the first
/// that matches decides, here and for the anchors that come later.
/// </summary>
internal sealed class PacketFilterRules
{
    public const string LockLabel = "tunnel-lock-";
    public const string DropLabel = "tunnel-drop";
    public const string End = "# end";

    private readonly StringBuilder _text = new();
    private readonly NetworkIngressRules _rules;
    private readonly HostFacts _facts;
    private readonly string _lockId;

    private PacketFilterRules(NetworkIngressRules rules, HostFacts facts, string lockId) =>
        (_rules, _facts, _lockId) = (rules, facts, lockId);

    /// <summary>The lock of now, with the sessions of now.</summary>
    public static string Present(NetworkIngressRules rules, HostFacts facts, string lockId) =>
        new PacketFilterRules(rules, facts, lockId).Write();

    /// <summary>The same lock without the sessions of today: what a boot loads.</summary>
    public static string Permanent(NetworkIngressRules rules, HostFacts facts, string lockId) =>
        new PacketFilterRules(rules, facts with { Sessions = [], Caller = null }, lockId).Write();

    private string Write()
    {
        if (_facts.InternalInterfaces.Count > 0)
        {
            Line("table <tunnel_self> const { self }");
        }

        // A fragment has no port: unless it is put together, no state is found for it.
        Line("scrub in all fragment reassemble");
        // Not "set skip": that is one option for all of pf, and not ours to change.
        Line($"pass quick on lo0 all no state label \"{LockLabel}{_lockId}\"");
        WriteSessions();
        WriteOutbound();
        WriteEssentials();
        WriteOpenings();
        foreach (var name in _facts.InternalInterfaces.Except(_rules.AllowedInterfaces))
        {
            Line($"pass in quick on {name} from any to ! <tunnel_self> keep state");
        }

        WriteDrops();
        Line(End);
        return _text.ToString();
    }

    // pf knows no state of what was open before it was enabled, and needs none to let it go on; but no SYN.
    private void WriteSessions()
    {
        var cut = HostSession.EndedBy(_rules.CloseEstablished, _facts);
        foreach (var session in _facts.Sessions.Except(cut))
        {
            Line($"pass in quick {Family(session.Remote)} proto tcp {Ends(session.Remote, session.Local)} flags /S no state");
            Line($"pass out quick {Family(session.Remote)} proto tcp {Ends(session.Local, session.Remote)} flags /S no state");
        }

        foreach (var session in cut)
        {
            Line($"block return-rst in quick {Family(session.Remote)} proto tcp {Ends(session.Remote, session.Local)}");
        }
    }

    private void WriteOutbound()
    {
        foreach (var port in _rules.CloseEstablished ? IngressOpenings.ServedUdp(_rules, _facts) : [])
        {
            // What a service sends makes no state that would let its peers in.
            Line($"pass out quick proto udp from any port {Number(port)} to any no state");
        }

        if (_rules.Outbound is not { } limits)
        {
            // Its state lets the answers in.
            Line("pass out quick all keep state");
            return;
        }

        foreach (var point in limits.EndPoints.Distinct())
        {
            foreach (var protocol in new[] { "tcp", "udp" })
            {
                Line($"pass out quick {Family(point)} proto {protocol} from any to {Address(point.Address)} port {Number(point.Port)} keep state");
            }
        }

        foreach (var match in new[] { "proto udp from any to any port 53", "proto tcp from any to any port 53", "proto tcp from any to any port 853", "proto udp from any to any port 853", "proto udp from any to any port 123", "inet proto udp from any port 68 to any port 67", "inet6 proto udp from any port 546 to any port 547" })
        {
            Line($"pass out quick {match} keep state");
        }

        foreach (var type in new[] { 1, 2, 3, 4, 131, 132, 133, 135, 136, 143 })
        {
            Line($"pass out quick inet6 proto ipv6-icmp all icmp6-type {Number(type)} no state");
        }

        Line("block return out quick all label \"tunnel-outbound\"");
    }

    // RFC 4890, section 4.4: what a host must take from the network for IPv6 to work; RFC 1191 for IPv4.
    private void WriteEssentials()
    {
        foreach (var type in new[] { 1, 2, 3, 4, 130, 134, 135, 136, 137 })
        {
            Line($"pass in quick inet6 proto ipv6-icmp all icmp6-type {Number(type)} no state");
        }

        foreach (var type in new[] { 3, 11, 12 })
        {
            Line($"pass in quick inet proto icmp all icmp-type {Number(type)} no state");
        }

        Line("pass in quick inet proto udp from any port 67 to any port 68 no state");
        Line("pass in quick inet6 proto udp from fe80::/10 port 547 to any port 546 no state");
    }

    private void WriteOpenings()
    {
        foreach (var port in _rules.AllowedPorts)
        {
            var range = port.First == port.Last ? Number(port.First) : $"{Number(port.First)}:{Number(port.Last)}";
            Line($"pass in quick proto {port.Protocol} from any to any port {range} keep state");
        }

        foreach (var source in _rules.AllowedSources)
        {
            Line($"pass in quick {(source.BaseAddress.AddressFamily == AddressFamily.InterNetwork ? "inet" : "inet6")} from {source} to any keep state");
        }

        foreach (var name in _rules.AllowedInterfaces)
        {
            Line($"pass in quick on {name} all keep state");
        }

        if (_rules.AllowIcmp)
        {
            Line("pass in quick inet proto icmp all icmp-type 8 keep state");
            Line("pass in quick inet6 proto ipv6-icmp all icmp6-type 128 keep state");
        }
    }

    // pf counts by rule: one for each port that somebody may knock at, and one for the rest.
    private void WriteDrops()
    {
        foreach (var (protocol, port) in _facts.Listening.Select(l => (l.Protocol, l.EndPoint.Port)).Distinct())
        {
            Line($"block drop in quick proto {protocol} from any to any port {Number(port)} label \"{DropLabel}-{protocol}-{Number(port)}\"");
        }

        Line($"block drop in quick all label \"{DropLabel}\"");
    }

    private void Line(string text) => _text.Append(text).Append('\n');

    private static string Ends(IPEndPoint from, IPEndPoint to) =>
        $"from {Address(from.Address)} port {Number(from.Port)} to {Address(to.Address)} port {Number(to.Port)}";

    private static string Family(IPEndPoint point) => point.AddressFamily == AddressFamily.InterNetwork ? "inet" : "inet6";

    // Without its scope: pf wants the interface's name there.
    private static string Address(IPAddress address) => new IPAddress(address.GetAddressBytes()).ToString();

    private static string Number(int number) => number.ToString(CultureInfo.InvariantCulture);
}
