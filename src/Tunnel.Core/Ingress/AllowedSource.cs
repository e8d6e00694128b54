using System.Net;

namespace Tunnel.Core.Ingress;

/// <summary>Reads an address or a network that may reach everything.</summary>
public static class AllowedSource
{
    /// <exception cref="FormatException">It is neither. The message says what one looks like.</exception>
    public static IPNetwork Parse(string text)
    {
        if (IPAddress.TryParse(text, out var address))
        {
            return new IPNetwork(address, address.GetAddressBytes().Length * 8);
        }

        return IPNetwork.TryParse(text, out var network) ? network : throw new FormatException(
            $"'{text}' is neither an address nor a network. Write 192.0.2.7, 192.0.2.0/24 or 2001:db8::/32.");
    }
}
