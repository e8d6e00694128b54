using System.Globalization;
using System.Net;
using System.Text;

namespace Tunnel.Core.Ingress.Windows;

/// <summary>
/// Writes what a lock lets in, as rules of the module NetSecurity, and the profiles that close the rest. Windows Firewall is
/// stateful, never filters loopback, and asks the rules again for connections that are open when they change: so each one
/// that is to go on has a rule.
/// </summary>
internal sealed class WindowsFirewallRules
{
    public const string Prefix = "tunnel-ingress-";

    private readonly StringBuilder _text = new();
    private readonly NetworkIngressRules _rules;
    private readonly HostFacts _facts;
    private readonly string _lockId;
    private int _count;

    private WindowsFirewallRules(NetworkIngressRules rules, HostFacts facts, string lockId) =>
        (_rules, _facts, _lockId) = (rules, facts, lockId);

    /// <summary>The lock of now, with the sessions of now.</summary>
    public static string Present(NetworkIngressRules rules, HostFacts facts, string lockId) =>
        new WindowsFirewallRules(rules, facts, lockId).Write();

    /// <summary>The same lock without a name and without the sessions of today.</summary>
    public static string Permanent(NetworkIngressRules rules, HostFacts facts) =>
        new WindowsFirewallRules(rules, facts with { Sessions = [], Caller = null, Listening = [] }, "").Write();

    /// <exception cref="NetworkIngressException">A name would mean several interfaces, or is none.</exception>
    public static void Validate(NetworkIngressRules rules)
    {
        foreach (var name in rules.AllowedInterfaces)
        {
            if (name.Length > 256 || name.Any(c => char.IsControl(c) || "*?[]`\"".Contains(c, StringComparison.Ordinal)))
            {
                throw new NetworkIngressException(
                    NetworkIngressError.InvalidRules, $"'{name}' is not the name of a network interface. List them with: Get-NetAdapter");
            }
        }
    }

    private string Write()
    {
        WriteEssentials();
        WriteOpenings();
        WriteSessions();
        if (_rules.Outbound is { } limits)
        {
            WriteOutbound(limits);
        }

        // Last: what stays open is there before the rest is closed. No question of Windows makes a rule that opens.
        Line("Set-NetFirewallProfile -PolicyStore PersistentStore -Name Domain,Private,Public -Enabled True -DefaultInboundAction Block "
            + $"-DefaultOutboundAction {(_rules.Outbound is null ? "Allow" : "Block")} -AllowInboundRules True -NotifyOnListen False");
        return _text.ToString();
    }

    // RFC 4890, section 4.4: what a host must take from the network for IPv6 to work; RFC 1191 for IPv4.
    private void WriteEssentials()
    {
        foreach (var type in new[] { 1, 2, 3, 4, 130, 134, 135, 136, 137 })
        {
            Allow("network", $"-Protocol ICMPv6 -IcmpType {Number(type)}");
        }

        foreach (var type in new[] { 3, 11, 12 })
        {
            Allow("network", $"-Protocol ICMPv4 -IcmpType {Number(type)}");
        }

        Allow("DHCP", "-Protocol UDP -LocalPort 68 -RemotePort 67");
        Allow("DHCP", "-Protocol UDP -LocalPort 546 -RemotePort 547");
    }

    private void WriteOpenings()
    {
        foreach (var port in _rules.AllowedPorts)
        {
            var range = port.First == port.Last ? Number(port.First) : $"{Number(port.First)}-{Number(port.Last)}";
            Allow(port.ToString(), $"-Protocol {port.Protocol.ToUpperInvariant()} -LocalPort {range}");
        }

        foreach (var source in _rules.AllowedSources)
        {
            Allow($"from {source}", $"-RemoteAddress {source}");
        }

        foreach (var name in _rules.AllowedInterfaces)
        {
            Allow("interface", $"-InterfaceAlias {PowerShellText.Quote(name)}");
        }

        if (_rules.AllowIcmp)
        {
            Allow("ping", "-Protocol ICMPv4 -IcmpType 8");
            Allow("ping", "-Protocol ICMPv6 -IcmpType 128");
        }
    }

    private void WriteSessions()
    {
        var ended = HostSession.EndedBy(_rules.CloseEstablished, _facts);
        foreach (var session in _facts.Sessions.Where(s => s.IsInboundTo(_facts.Listening)).Except(ended))
        {
            Allow("open session", $"-Protocol TCP -LocalPort {Number(session.Local.Port)} -RemoteAddress {Address(session.Remote)} -RemotePort {Number(session.Remote.Port)}");
        }
    }

    private void WriteOutbound(OutboundLimits limits)
    {
        foreach (var point in limits.EndPoints.Distinct())
        {
            foreach (var protocol in new[] { "TCP", "UDP" })
            {
                Let("Outbound", "edge", $"-Protocol {protocol} -RemoteAddress {Address(point)} -RemotePort {Number(point.Port)}");
            }
        }

        Let("Outbound", "name service", "-Protocol UDP -RemotePort 53,853");
        Let("Outbound", "name service", "-Protocol TCP -RemotePort 53,853");
        Let("Outbound", "time", "-Protocol UDP -RemotePort 123");
        Let("Outbound", "DHCP", "-Protocol UDP -LocalPort 68 -RemotePort 67");
        Let("Outbound", "DHCP", "-Protocol UDP -LocalPort 546 -RemotePort 547");
        foreach (var type in new[] { 1, 2, 3, 4, 131, 132, 133, 135, 136, 143 })
        {
            Let("Outbound", "network", $"-Protocol ICMPv6 -IcmpType {Number(type)}");
        }
    }

    private void Allow(string what, string match) => Let("Inbound", what, match);

    private void Let(string direction, string what, string match) => Line(
        $"$null = New-NetFirewallRule -PolicyStore PersistentStore -Name '{Prefix}{_lockId}-{Number(_count++)}' "
        + $"-DisplayName 'Tunnel ingress lock: {what}' -Group 'Tunnel ingress lock' -Direction {direction} -Action Allow -Profile Any {match}");

    private void Line(string text) => _text.Append(text).Append('\n');

    // Without its scope, which is no part of a rule's address.
    private static string Address(IPEndPoint point) => new IPAddress(point.Address.GetAddressBytes()).ToString();

    private static string Number(int number) => number.ToString(CultureInfo.InvariantCulture);
}
