using System.Diagnostics.CodeAnalysis;
using System.Globalization;
using System.Net;
using System.Text;

namespace Tunnel.Edge.Mail;

/// <summary>How the edge sends mail: through an SMTP server.</summary>
public sealed record EdgeMailOptions
{
    private const int DefaultPort = 587;

    public required string Host { get; init; }

    /// <summary>465 speaks TLS from the start; on every other port the server must offer STARTTLS, but on this machine.</summary>
    public int Port { get; init; } = DefaultPort;

    /// <summary>The address that mail comes from.</summary>
    public required string From { get; init; }

    /// <summary>Null: the server takes mail without a sign-in.</summary>
    public string? UserName { get; init; }

    /// <summary>A secret.</summary>
    public string? Password { get; init; }

    /// <summary>
    /// Send in the clear where the server offers no TLS. A server on this machine needs no such permission: nobody stands in
    /// between.
    /// </summary>
    public bool AllowPlaintext { get; init; }

    /// <summary>Whether the server is on this machine, by its name.</summary>
    public bool IsLocal => Host.Equals("localhost", StringComparison.OrdinalIgnoreCase)
        || (IPAddress.TryParse(Host, out var address) && IPAddress.IsLoopback(address));

    /// <summary>Reads <c>host</c> or <c>host:port</c>; an IPv6 address stands in brackets, such as <c>[::1]:25</c>.</summary>
    public static bool TryReadServer(string text, [NotNullWhen(true)] out string? host, out int port)
    {
        ArgumentNullException.ThrowIfNull(text);
        (host, port) = (null, DefaultPort);
        var end = text.StartsWith('[') ? text.IndexOf(']', StringComparison.Ordinal) + 1 : text.LastIndexOf(':');
        var name = end <= 0 ? text : text[..end];
        var rest = text[name.Length..];
        if (rest.Length > 0)
        {
            if (rest[0] != ':' || !ushort.TryParse(rest.AsSpan(1), NumberStyles.None, CultureInfo.InvariantCulture, out var number) || number == 0)
            {
                return false;
            }

            port = number;
        }

        var isAddress = name is ['[', .., ']'];
        name = isAddress ? name[1..^1] : name;
        var kind = Uri.CheckHostName(name);
        if (kind == UriHostNameType.Unknown || isAddress != (kind == UriHostNameType.IPv6))
        {
            return false;
        }

        host = name;
        return true;
    }

    private bool PrintMembers(StringBuilder builder)
    {
        builder.Append(nameof(Host)).Append(" = ").Append(Host).Append(", ").Append(nameof(From)).Append(" = ").Append(From);
        return true;
    }
}
