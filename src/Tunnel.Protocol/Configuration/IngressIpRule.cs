using System.Globalization;
using System.Net;
using System.Net.Sockets;

namespace Tunnel.Protocol.Configuration;

/// <summary>One rule of <c>originRequest.ipRules</c>: which destinations a SOCKS proxy may reach. The first that fits decides.</summary>
/// <param name="Prefix">The range of addresses.</param>
/// <param name="Ports">The ports, 1 to 65535; empty for all.</param>
/// <param name="Allow">Whether such destinations may be reached.</param>
public sealed record IngressIpRule(IPNetwork Prefix, IReadOnlyList<int> Ports, bool Allow)
{
    public IReadOnlyList<int> Ports { get; init => field = ValueList<int>.From(value); } = ValueList<int>.From(Ports);

    /// <summary>Reads <c>10.1.2.3/8</c>, clearing the bits behind the prefix, as Go's <c>net.ParseCIDR</c> does.</summary>
    public static bool TryParsePrefix(string? text, out IPNetwork prefix)
    {
        prefix = default;
        var slash = text?.IndexOf('/', StringComparison.Ordinal) ?? -1;
        if (slash < 0
            || !IPAddress.TryParse(text.AsSpan(0, slash), out var address)
            || !int.TryParse(text.AsSpan(slash + 1), NumberStyles.None, CultureInfo.InvariantCulture, out var length)
            || text![..slash].AsSpan().ContainsAny('%', '[')
            || (address.AddressFamily == AddressFamily.InterNetwork && text[..slash] != address.ToString()))
        {
            return false;
        }
        var bytes = address.GetAddressBytes();
        if (length > bytes.Length * 8)
        {
            return false;
        }
        for (var i = 0; i < bytes.Length; i++)
        {
            bytes[i] &= (byte)(0xFF00 >> Math.Clamp(length - (i * 8), 0, 8));
        }
        prefix = new IPNetwork(new IPAddress(bytes), length);
        return true;
    }
}
