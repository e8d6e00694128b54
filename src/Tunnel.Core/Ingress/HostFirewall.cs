using Tunnel.Core.Ingress.MacOS;
using Tunnel.Core.Ingress.Nftables;
using Tunnel.Core.Ingress.Windows;

namespace Tunnel.Core.Ingress;

/// <summary>Chooses the firewall of the operating system.</summary>
public static class HostFirewall
{
    /// <param name="commands">How its programs are run.</param>
    /// <exception cref="NetworkIngressException">This system has none that is known here.</exception>
    public static INetworkFirewall OfThisHost(FirewallCommands commands) =>
        OperatingSystem.IsLinux() ? new NftablesFirewall(new NftablesFirewallOptions { Commands = commands })
        : OperatingSystem.IsMacOS() ? new PacketFilter(new PacketFilterOptions { Commands = commands })
        : OperatingSystem.IsWindows() ? new WindowsFirewall(new WindowsFirewallOptions { Commands = commands })
        : throw new NetworkIngressException(
            NetworkIngressError.FirewallMissing,
            "The ingress lock knows the firewalls of Linux (nftables), macOS (pf) and Windows.");
}
