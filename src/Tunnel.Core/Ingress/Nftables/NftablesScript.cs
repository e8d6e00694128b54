using System.Globalization;
using System.Net.Sockets;
using System.Text;

namespace Tunnel.Core.Ingress.Nftables;

/// <summary>
/// Writes the ruleset of a lock: one table of our own, replaced as a whole by one transaction (nft(8)).
/// </summary>
/// <remarks>
/// <para>Every chain begins by letting go whatever <c>@armed</c> does not name. Its elements end by themselves in the
/// kernel, so that an unconfirmed lock opens even when no process of ours is left to open it.</para>
/// <para>Connection tracking may begin only when this table is loaded, and does not know what was open before. So the
/// open sessions are named one by one, those that this host opened as well.</para>
/// <para>Transport protocols are numbers (6 TCP, 17 UDP, 1 and 58 ICMP): nft looks their names up in /etc/protocols, which
/// a small system does not have.</para>
/// </remarks>
internal sealed class NftablesScript
{
    public const string Table = "inet tunnel_ingress";
    public const string LockComment = "lock ";
    public const string PersistMark = " persist";
    public const string OpenComment = "open ";
    public const string DropComment = "closed";

    // As Docker, Podman, libvirt, LXD, Incus and CNI name what they make.
    private static readonly string[] s_containerInterfaces = ["docker", "br-", "veth", "podman", "virbr", "lxdbr", "incusbr", "cni"];

    private readonly StringBuilder _text = new();
    private readonly NetworkIngressRules _rules;
    private readonly HostFacts _facts;
    private readonly string _lockId;
    private readonly bool _permanent;

    private NftablesScript(NetworkIngressRules rules, HostFacts facts, string lockId, bool permanent) =>
        (_rules, _facts, _lockId, _permanent) = (rules, facts, lockId, permanent);

    /// <summary>The lock that ends by itself, with the sessions of now.</summary>
    public static string Expiring(NetworkIngressRules rules, HostFacts facts, string lockId) =>
        new NftablesScript(rules, facts, lockId, permanent: false).Write();

    /// <summary>The lock as a boot loads it.</summary>
    public static string Permanent(NetworkIngressRules rules, HostFacts facts, string lockId) =>
        new NftablesScript(rules, facts with { Sessions = [], Caller = null, Listening = [] }, lockId, permanent: true).Write();

    /// <summary>Treats sessions that came since as those that the lock was made with; empty: there are none.</summary>
    public static string Later(FirewallPlan plan, HostFacts now)
    {
        var text = new StringBuilder();
        var fresh = now with { Sessions = [.. now.Sessions.Except(plan.Sessions)], Caller = plan.Caller };
        var cut = HostSession.EndedBy(plan.ClosesEstablished, fresh);
        foreach (var session in fresh.Sessions)
        {
            var family = session.Remote.AddressFamily == AddressFamily.InterNetwork ? "4" : "6";
            text.Append(CultureInfo.InvariantCulture, $"add element {Table} {(cut.Contains(session) ? "cut" : "kept")}{family} {{ {Element(session)} }}\n");
        }

        return text.ToString();
    }

    /// <summary>Whether two permanent locks differ in their names only.</summary>
    public static bool AreSame(string one, string other)
    {
        static string Nameless(string script) => string.Join('\n', script.Split('\n').Where(l => !l.Contains(LockComment, StringComparison.Ordinal)));
        return Nameless(one) == Nameless(other);
    }

    private string Write()
    {
        Line($"# {LockComment}{_lockId}");
        Line($"table {Table}");
        Line($"delete table {Table}");
        Line($"table {Table} {{");
        WriteSets();
        WriteInput();
        WriteForward();
        if (_rules.Outbound is { } limits)
        {
            WriteOutput(limits);
        }

        Line("}");
        return _text.ToString();
    }

    private void WriteSets()
    {
        var end = _permanent ? "" : string.Create(CultureInfo.InvariantCulture, $" timeout {(long)_rules.RollbackAfter.TotalSeconds}s");
        Line($"\tset armed {{ type nf_proto; flags timeout; elements = {{ ipv4{end}, ipv6{end} }} }}");
        Line("\tset dropped { type inet_proto . inet_service; size 65535; flags dynamic; counter; }");
        Line($"\tset uplinks {{ type ifname;{Elements(_facts.Uplinks.Select(Quote))} }}");
        Line($"\tset inside {{ type ifname;{Elements(_facts.InternalInterfaces.Select(Quote))} }}");
        var served = IngressOpenings.ServedUdp(_rules, _facts).Select(p => p.ToString(CultureInfo.InvariantCulture));
        Line($"\tset served {{ type inet_service;{Elements(served)} }}");
        var cut = HostSession.EndedBy(_rules.CloseEstablished, _facts);
        WriteSessions("kept", _facts.Sessions.Except(cut));
        WriteSessions("cut", cut);
    }

    private void WriteSessions(string name, IEnumerable<HostSession> sessions)
    {
        foreach (var (suffix, type, family) in new[] { ("4", "ipv4_addr", AddressFamily.InterNetwork), ("6", "ipv6_addr", AddressFamily.InterNetworkV6) })
        {
            var elements = sessions.Where(s => s.Remote.AddressFamily == family).Distinct().Select(Element);
            Line($"\tset {name}{suffix} {{ type {type} . inet_service . {type} . inet_service;{Elements(elements)} }}");
        }
    }

    private void WriteInput()
    {
        Line("\tchain input {");
        Line("\t\ttype filter hook input priority filter - 10; policy accept;");
        Line($"\t\tmeta nfproto != @armed accept comment \"{LockComment}{_lockId}{(_rules.Persist ? PersistMark : "")}\"");
        Line("\t\tiifname \"lo\" accept");
        // A session that is only now seen is new to connection tracking, but it is no SYN.
        var kept = _rules.CloseEstablished && _facts.Caller is { } caller
            ? $" comment \"{OpenComment}{IngressOpenings.SessionOf(caller).ToComment()}\""
            : "";
        Line($"\t\tip daddr . tcp dport . ip saddr . tcp sport @kept4 tcp flags & syn == 0 accept{kept}");
        Line("\t\tip6 daddr . tcp dport . ip6 saddr . tcp sport @kept6 tcp flags & syn == 0 accept");
        // A reset gets through, so that both ends of a session that is cut know it.
        Line("\t\tip daddr . tcp dport . ip saddr . tcp sport @cut4 tcp flags & rst == rst accept");
        Line("\t\tip6 daddr . tcp dport . ip6 saddr . tcp sport @cut6 tcp flags & rst == rst accept");
        Line("\t\tip daddr . tcp dport . ip saddr . tcp sport @cut4 counter reject with tcp reset");
        Line("\t\tip6 daddr . tcp dport . ip6 saddr . tcp sport @cut6 counter reject with tcp reset");
        Line("\t\tmeta l4proto != 17 ct state established ct direction reply accept");
        Line("\t\tmeta l4proto 17 th dport != @served ct state established ct direction reply accept");
        Line("\t\tmeta l4proto { 1, 58 } ct state related accept");
        if (!_rules.CloseEstablished)
        {
            if (IngressOpenings.ServedUdp(_rules, _facts).Count > 0)
            {
                Open("meta l4proto 17 ct state established ct direction reply", IngressOpenings.UdpFlows);
            }

            Open("meta l4proto 6 ct state established", IngressOpenings.OpenSessions);
        }

        WriteEssentials();
        WriteOpenings();
        Line("\t\tmeta l4proto { 6, 17, 132, 33, 136 } update @dropped { meta l4proto . th dport }");
        Line($"\t\tcounter drop comment \"{DropComment}\"");
        Line("\t}");
    }

    // RFC 4890, section 4.4: what a host must take from the network for IPv6 to work; RFC 1191 for IPv4.
    private void WriteEssentials()
    {
        Line("\t\ticmpv6 type { nd-neighbor-solicit, nd-neighbor-advert, nd-router-advert, nd-redirect } ip6 hoplimit 255 accept");
        Line("\t\ticmpv6 type { destination-unreachable, packet-too-big, time-exceeded, parameter-problem } accept");
        Line("\t\tip6 saddr fe80::/10 icmpv6 type mld-listener-query accept");
        Line("\t\ticmp type { destination-unreachable, time-exceeded, parameter-problem } accept");
        Line("\t\tmeta nfproto ipv4 udp sport 67 udp dport 68 accept");
        Line("\t\tip6 saddr fe80::/10 udp sport 547 udp dport 546 accept");
    }

    private void WriteOpenings()
    {
        foreach (var port in _rules.AllowedPorts)
        {
            Open($"{port.Protocol} dport {Range(port)}", IngressOpenings.Of(port));
            Open(Forwarded(port), IngressOpenings.Of(port));
        }

        foreach (var source in _rules.AllowedSources)
        {
            var family = source.BaseAddress.AddressFamily == AddressFamily.InterNetwork ? "ip" : "ip6";
            Open($"{family} saddr {source}", IngressOpenings.Of(source));
        }

        foreach (var name in _rules.AllowedInterfaces)
        {
            Open($"iifname {Quote(name)}", IngressOpenings.OfInterface(name));
        }

        if (_rules.AllowIcmp)
        {
            Open("icmp type echo-request", IngressOpenings.Ping);
            Open("icmpv6 type echo-request", IngressOpenings.Ping);
        }
    }

    private void WriteForward()
    {
        Line("\tchain forward {");
        Line("\t\ttype filter hook forward priority filter - 10; policy accept;");
        Line("\t\tmeta nfproto != @armed accept");
        // Containers go out as before, also those whose bridge is made later. An interface that is neither may lead out.
        var outward = _rules.Outbound is null ? "accept" : "jump outward";
        Line($"\t\tiifname @inside {outward}");
        foreach (var bridge in s_containerInterfaces)
        {
            Line($"\t\tiifname != @uplinks iifname \"{bridge}*\" {outward}");
        }

        // No connection that a helper expects (FTP, SIP): its far end could ask for any port.
        Line("\t\tct state established ct direction reply accept");
        if (!_rules.CloseEstablished)
        {
            Line("\t\tmeta l4proto 6 ct state established accept");
        }

        Line("\t\tmeta l4proto { 1, 58 } ct state related accept");
        foreach (var source in _rules.AllowedSources)
        {
            Line($"\t\t{(source.BaseAddress.AddressFamily == AddressFamily.InterNetwork ? "ip" : "ip6")} saddr {source} accept");
        }

        foreach (var port in _rules.AllowedPorts)
        {
            Line($"\t\t{Forwarded(port)} accept");
        }

        foreach (var name in _rules.AllowedInterfaces)
        {
            Line($"\t\tiifname {Quote(name)} accept");
        }

        Line("\t\tmeta l4proto { 6, 17, 132, 33, 136 } update @dropped { meta l4proto . ct original proto-dst }");
        Line($"\t\tcounter drop comment \"{DropComment}\"");
        Line("\t}");
    }

    private void WriteOutput(OutboundLimits limits)
    {
        Line("\tchain outward {");
        Line("\t\tct state established,related accept");
        // From container to container.
        Line("\t\toifname != @uplinks oifname @inside accept");
        foreach (var bridge in s_containerInterfaces)
        {
            Line($"\t\toifname != @uplinks oifname \"{bridge}*\" accept");
        }

        WriteLimits(limits);
        Line("\t\tcounter reject with icmpx type admin-prohibited comment \"outbound\"");
        Line("\t}");
        Line("\tchain output {");
        Line("\t\ttype filter hook output priority filter - 10; policy accept;");
        Line("\t\tmeta nfproto != @armed accept");
        Line("\t\toifname \"lo\" accept");
        Line("\t\tip saddr . tcp sport . ip daddr . tcp dport @kept4 accept");
        Line("\t\tip6 saddr . tcp sport . ip6 daddr . tcp dport @kept6 accept");
        Line("\t\tct state established,related accept");
        WriteLimits(limits);
        Line("\t\tmeta nfproto ipv4 udp sport 68 udp dport 67 accept");
        Line("\t\tmeta nfproto ipv6 udp sport 546 udp dport 547 accept");
        Line("\t\ticmpv6 type { nd-neighbor-solicit, nd-neighbor-advert, nd-router-solicit, mld-listener-report, mld2-listener-report } accept");
        // An answer at once, so that programs of this host do not wait for one.
        Line("\t\tcounter reject with icmpx type admin-prohibited comment \"outbound\"");
        Line("\t}");
    }

    private void WriteLimits(OutboundLimits limits)
    {
        foreach (var point in limits.EndPoints.Distinct())
        {
            // UDP as well: a connector may speak QUIC.
            var family = point.AddressFamily == AddressFamily.InterNetwork ? "ip" : "ip6";
            Line(string.Create(CultureInfo.InvariantCulture, $"\t\tmeta l4proto {{ 6, 17 }} {family} daddr {point.Address} th dport {point.Port} accept"));
        }

        Line("\t\tmeta l4proto { 6, 17 } th dport { 53, 853 } accept");
        Line("\t\tudp dport 123 accept");
    }

    private void Open(string match, IngressOpening opening) =>
        Line($"\t\t{match} accept comment \"{OpenComment}{opening.ToComment()}\"");

    private void Line(string text) => _text.Append(text).Append('\n');

    // What the visitor asked for, before the port was forwarded or redirected.
    private static string Forwarded(AllowedPort port) =>
        $"meta l4proto {(port.Protocol == "tcp" ? 6 : 17)} ct status dnat ct original proto-dst {Range(port)}";

    private static string Range(AllowedPort port) => port.First == port.Last
        ? port.First.ToString(CultureInfo.InvariantCulture)
        : string.Create(CultureInfo.InvariantCulture, $"{port.First}-{port.Last}");

    private static string Element(HostSession session) => string.Create(
        CultureInfo.InvariantCulture, $"{session.Local.Address} . {session.Local.Port} . {session.Remote.Address} . {session.Remote.Port}");

    private static string Quote(string name) => $"\"{name}\"";

    private static string Elements(IEnumerable<string> elements)
    {
        var list = string.Join(", ", elements);
        return list.Length == 0 ? "" : $" elements = {{ {list} }};";
    }
}
