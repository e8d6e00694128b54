using System.Net;
using System.Net.NetworkInformation;
using System.Text.RegularExpressions;

namespace Tunnel.Core.Ingress;

/// <summary>Sockets and interfaces as the runtime lists them, where there is no <c>/proc</c>. Programs' names are not to be had.</summary>
internal static partial class SystemSockets
{
    /// <exception cref="NetworkIngressException">The system does not list its sockets.</exception>
    public static HostFacts Look(string? sshConnection)
    {
        try
        {
            var properties = IPGlobalProperties.GetIPGlobalProperties();
            var sessions = Sessions(properties.GetActiveTcpConnections().Select(c => (c.LocalEndPoint, c.RemoteEndPoint, c.State)));
            var names = NetworkInterface.GetAllNetworkInterfaces()
                .Where(i => i is { OperationalStatus: OperationalStatus.Up, NetworkInterfaceType: not NetworkInterfaceType.Loopback })
                .Select(i => i.Name).ToList();
            return new HostFacts
            {
                Listening = Listening(properties.GetActiveTcpListeners(), properties.GetActiveUdpListeners()),
                Sessions = sessions,
                Uplinks = [.. names.Where(n => !IsInternal(n))],
                InternalInterfaces = [.. names.Where(IsInternal)],
                Caller = CallerSession.Find(sshConnection, sessions),
            };
        }
        catch (Exception e) when (e is NetworkInformationException or PlatformNotSupportedException)
        {
            // Without its sessions a lock would cut the connector's own.
            throw new NetworkIngressException(
                NetworkIngressError.FirewallRefused, $"The open connections of this host cannot be listed, and nothing was changed: {e.Message}", e);
        }
    }

    public static IReadOnlyList<ListeningSocket> Listening(IEnumerable<IPEndPoint> tcp, IEnumerable<IPEndPoint> udp) =>
    [
        .. tcp.Select(p => ("tcp", p)).Concat(udp.Select(p => ("udp", p)))
            .Where(s => !IPAddress.IsLoopback(s.p.Address) && s.p.Port != 0)
            .Select(s => new ListeningSocket(s.Item1, Plain(s.p), null))
            .Distinct()
            .OrderBy(s => s.EndPoint.Port),
    ];

    public static IReadOnlyList<HostSession> Sessions(IEnumerable<(IPEndPoint Local, IPEndPoint Remote, TcpState State)> connections) =>
    [
        .. connections
            .Where(c => c.State is not (TcpState.Listen or TcpState.Closed or TcpState.DeleteTcb)
                && c.Remote.Port != 0 && !IPAddress.IsLoopback(c.Remote.Address))
            .Select(c => new HostSession(Plain(c.Local), Plain(c.Remote)))
            .Distinct(),
    ];

    // The host's side of NAT networks: Internet Sharing and virtual machines of macOS (bridge100 and up; bridge0 is a
    // Thunderbolt bridge and leads out), and of Hyper-V.
    private static bool IsInternal(string name) => InternalName().IsMatch(name);

    private static IPEndPoint Plain(IPEndPoint point) =>
        point.Address.IsIPv4MappedToIPv6 ? new IPEndPoint(point.Address.MapToIPv4(), point.Port) : point;

    [GeneratedRegex(@"^(bridge1[0-9]{2}|vEthernet \((Default Switch|WSL.*|nat)\))$", RegexOptions.CultureInvariant)]
    private static partial Regex InternalName();
}
