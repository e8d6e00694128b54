using Tunnel.Core.Ingress.Nftables;

namespace Tunnel.Core.Ingress;

/// <summary>Chooses the firewall of the operating system.</summary>
public static class HostFirewall
{
    /// <param name="commands">How its programs are run.</param>
    /// <exception cref="NetworkIngressException">This system has none that is known here.</exception>
    public static INetworkFirewall OfThisHost(FirewallCommands commands) =>
        OperatingSystem.IsLinux()
            ? new NftablesFirewall(new NftablesFirewallOptions { Commands = commands })
            : throw new NetworkIngressException(
                NetworkIngressError.FirewallMissing, "The ingress lock knows the firewall of Linux (nftables) so far.");
}
