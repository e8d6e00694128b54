using System.Globalization;
using System.Net;
using System.Net.Sockets;

namespace Tunnel.Access;

/// <summary>Reads and writes ranges of addresses: <c>10.0.0.0/8</c>, <c>2001:db8::/32</c>, or a single address.</summary>
public static class IpRanges
{
    /// <summary>
    /// Reads a range. Bits behind the prefix are cleared (<c>10.1.2.3/8</c> is <c>10.0.0.0/8</c>); a range of IPv4 addresses
    /// mapped into IPv6 becomes the IPv4 range. IPv4 is four decimal numbers with no leading zeros: other spellings mean
    /// different addresses to different programs.
    /// </summary>
    public static bool TryParse(string? text, out IPNetwork range)
    {
        range = default;
        if (text is null || text.Length > 64)
        {
            return false;
        }
        var slash = text.IndexOf('/', StringComparison.Ordinal);
        var addressText = slash < 0 ? text.AsSpan() : text.AsSpan(0, slash);
        if (addressText.Contains('%') || !IPAddress.TryParse(addressText, out var address) || !IsPlain(addressText, address))
        {
            return false;
        }
        var bits = address.AddressFamily == AddressFamily.InterNetwork ? 32 : 128;
        var length = bits;
        if (slash >= 0)
        {
            var lengthText = text.AsSpan(slash + 1);
            if (lengthText is [] or ['0', _, ..]
                || !int.TryParse(lengthText, NumberStyles.None, CultureInfo.InvariantCulture, out length)
                || length > bits)
            {
                return false;
            }
        }
        if (address.IsIPv4MappedToIPv6 && length >= 96)
        {
            address = address.MapToIPv4();
            length -= 96;
        }
        range = new IPNetwork(Mask(address, length), length);
        return true;
    }

    /// <summary>The text of a range: a single address without a prefix length.</summary>
    public static string Format(IPNetwork range) =>
        range.PrefixLength == (range.BaseAddress.AddressFamily == AddressFamily.InterNetwork ? 32 : 128)
            ? range.BaseAddress.ToString()
            : range.ToString();

    internal static IPAddress Unmap(IPAddress address) => address.IsIPv4MappedToIPv6 ? address.MapToIPv4() : address;

    internal static IPAddress Mask(IPAddress address, int length)
    {
        var bytes = address.GetAddressBytes();
        for (var i = 0; i < bytes.Length; i++)
        {
            var kept = Math.Clamp(length - (i * 8), 0, 8);
            bytes[i] &= (byte)(0xFF00 >> kept);
        }
        return new IPAddress(bytes);
    }

    private static bool IsPlain(ReadOnlySpan<char> text, IPAddress address) =>
        address.AddressFamily == AddressFamily.InterNetworkV6
            ? !text.Contains('[')
            : text.SequenceEqual(address.ToString());
}
