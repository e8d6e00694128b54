using System.Net;
using System.Net.Sockets;

namespace Tunnel.Edge.Hosting;

/// <summary>What one visitor has to itself, as limits count it.</summary>
internal static class VisitorNetwork
{
    /// <summary>The address; of IPv6 the first 64 bits, of which each visitor has all addresses.</summary>
    public static string Of(IPAddress address) => Prefix(address, 8);

    /// <summary>What a provider gives to one customer: the address, or the first 48 bits (RFC 6177).</summary>
    public static string SiteOf(IPAddress address) => Prefix(address, 6);

    private static string Prefix(IPAddress address, int bytes) => address.AddressFamily == AddressFamily.InterNetworkV6
        ? Convert.ToHexString(address.GetAddressBytes().AsSpan(0, bytes)) : address.ToString();
}
