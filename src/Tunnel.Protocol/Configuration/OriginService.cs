using System.Buffers;
using System.Globalization;
using System.Net;
using System.Net.Sockets;

namespace Tunnel.Protocol.Configuration;

/// <summary>
/// Where a connector sends what an ingress rule matches: the value of <c>service</c> (cloudflared
/// <c>ingress/origin_service.go</c>). Equal when the canonical texts are.
/// </summary>
public sealed record OriginService
{
    /// <summary>Longest text of a service, in characters.</summary>
    public const int MaxLength = 4096;

    private static readonly SearchValues<char> SchemeCharacters =
        SearchValues.Create("abcdefghijklmnopqrstuvwxyzABCDEFGHIJKLMNOPQRSTUVWXYZ0123456789+-.");

    private readonly string _text;

    private OriginService(OriginServiceKind kind, string text)
    {
        Kind = kind;
        _text = text;
    }

    public OriginServiceKind Kind { get; }

    /// <summary>The scheme in lower case, such as <c>ssh</c>; empty for services that are no URL.</summary>
    public string Scheme { get; private init; } = "";

    /// <summary>The host name or address, IPv6 without brackets; empty for services that are no URL.</summary>
    public string Host { get; private init; } = "";

    /// <summary>
    /// The port: as written, else the scheme's default, which for <c>tcp</c> is 7864 as in cloudflared. 0 for services that
    /// are no URL, and for schemes that are not known.
    /// </summary>
    public int Port { get; private init; }

    /// <summary>The path of the Unix domain socket; null for other services.</summary>
    public string? SocketPath { get; private init; }

    /// <summary>The status to answer with, 100 to 999; 0 for other services.</summary>
    public int StatusCode { get; private init; }

    /// <summary>Whether the connector ends the visitor's WebSocket and speaks plain TCP to the origin.</summary>
    public bool IsStream => Kind is OriginServiceKind.Tcp or OriginServiceKind.Ssh or OriginServiceKind.Rdp or OriginServiceKind.Smb
        or OriginServiceKind.Bastion or OriginServiceKind.SocksProxy;

    /// <summary>The service that answers every request with a status.</summary>
    /// <param name="statusCode">100 to 999.</param>
    public static OriginService HttpStatus(int statusCode)
    {
        ArgumentOutOfRangeException.ThrowIfLessThan(statusCode, 100);
        ArgumentOutOfRangeException.ThrowIfGreaterThan(statusCode, 999);
        return new(OriginServiceKind.HttpStatus, $"http_status:{statusCode}") { StatusCode = statusCode };
    }

    /// <summary>Reads a service.</summary>
    /// <exception cref="ConfigurationException">Not a service; the message says what to write.</exception>
    public static OriginService Parse(string text)
    {
        ArgumentNullException.ThrowIfNull(text);
        return text switch
        {
            { Length: > MaxLength } => throw Bad($"The service is longer than {MaxLength} characters."),
            "" => throw Bad("There is no service. Add one, such as 'service: ssh://localhost:22'."),
            "hello_world" or "hello-world" => new(OriginServiceKind.HelloWorld, "hello_world"),
            "bastion" => new(OriginServiceKind.Bastion, text),
            "socks-proxy" => new(OriginServiceKind.SocksProxy, text),
            _ when text.StartsWith("unix:", StringComparison.Ordinal) => Socket(OriginServiceKind.Unix, text, text[5..]),
            _ when text.StartsWith("unix+tls:", StringComparison.Ordinal) => Socket(OriginServiceKind.UnixTls, text, text[9..]),
            _ when text.StartsWith("http_status:", StringComparison.Ordinal) => Status(text[12..]),
            _ => Url(text),
        };
    }

    /// <summary>The canonical text: what <c>service</c> holds, with the default port of stream schemes filled in.</summary>
    public override string ToString() => _text;

    public bool Equals(OriginService? other) => _text == other?._text;

    public override int GetHashCode() => _text.GetHashCode(StringComparison.Ordinal);

    private static OriginService Socket(OriginServiceKind kind, string text, string path) =>
        path.Length > 0 && !path.Contains('\0')
            ? new(kind, text) { SocketPath = path }
            : throw Bad($"The service '{text}' has no path. Write the socket's path behind the colon, such as unix:/run/app.sock.");

    private static OriginService Status(string text) =>
        int.TryParse(text, NumberStyles.None, CultureInfo.InvariantCulture, out var code) && code is >= 100 and <= 999
            ? HttpStatus(code)
            : throw Bad($"'{text}' is not an HTTP status. Write a number from 100 to 999, such as http_status:404.");

    private static OriginService Url(string text)
    {
        var separator = text.IndexOf("://", StringComparison.Ordinal);
        if (separator <= 0 || !IsScheme(text.AsSpan(0, separator)))
        {
            throw Bad($"The service '{text}' is not an address. Write a scheme and a host, such as http://localhost:8080 or ssh://localhost:22.");
        }
        var scheme = text[..separator].ToLowerInvariant();
        var rest = text.AsSpan(separator + 3);
        var end = rest.IndexOfAny("/?#\\");
        if (end >= 0)
        {
            throw Bad($"The service '{text}' has more than scheme, host and port. Requests keep the path that the visitor asked for: "
                + $"remove '{rest[end..]}'.");
        }
        if (rest.Contains('@'))
        {
            throw Bad("The service holds a user name or password, which would not be used. Remove everything up to the '@'.");
        }
        var (host, port) = SplitAuthority(rest, text);
        var kind = KindOf(scheme);
        var defaultPort = DefaultPort(scheme);
        var isStream = kind is not (OriginServiceKind.Http or OriginServiceKind.Https);
        var written = port ?? (isStream ? defaultPort : null);
        var bracketed = host.Contains(':') ? $"[{host.Replace("%", "%25", StringComparison.Ordinal)}]" : host;
        var canonical = written is null ? $"{scheme}://{bracketed}" : $"{scheme}://{bracketed}:{written}";
        return new(kind, canonical) { Scheme = scheme, Host = host, Port = port ?? defaultPort ?? 0 };
    }

    private static (string Host, int? Port) SplitAuthority(ReadOnlySpan<char> authority, string text)
    {
        string host;
        ReadOnlySpan<char> portText;
        if (authority.StartsWith('['))
        {
            var close = authority.IndexOf(']');
            host = close < 0 ? "" : authority[1..close].ToString().Replace("%25", "%", StringComparison.Ordinal);
            portText = close < 0 ? [] : authority[(close + 1)..];
            if (!IPAddress.TryParse(host, out var address) || address.AddressFamily != AddressFamily.InterNetworkV6)
            {
                throw Bad($"The service '{text}' has no valid IPv6 address between its brackets.");
            }
        }
        else
        {
            var colon = authority.IndexOf(':');
            host = (colon < 0 ? authority : authority[..colon]).ToString();
            portText = colon < 0 ? [] : authority[colon..];
            if (host.Length is 0 or > 255 || !host.All(c => char.IsLetterOrDigit(c) || c is '-' or '_' or '.'))
            {
                throw Bad($"The service '{text}' has no valid host. Write a name or an address, such as ssh://localhost:22; IPv6 in brackets.");
            }
        }
        if (portText is [] or [':'])
        {
            return (host, null);
        }
        return portText[0] == ':' && int.TryParse(portText[1..], NumberStyles.None, CultureInfo.InvariantCulture, out var port)
            && port is >= 1 and <= 65535
            ? (host, port)
            : throw Bad($"The service '{text}' has no valid port. Write a number from 1 to 65535.");
    }

    private static bool IsScheme(ReadOnlySpan<char> text) =>
        char.IsAsciiLetter(text[0]) && !text.ContainsAnyExcept(SchemeCharacters);

    private static OriginServiceKind KindOf(string scheme) => scheme switch
    {
        "http" or "ws" => OriginServiceKind.Http,
        "https" or "wss" => OriginServiceKind.Https,
        "ssh" => OriginServiceKind.Ssh,
        "rdp" => OriginServiceKind.Rdp,
        "smb" => OriginServiceKind.Smb,
        _ => OriginServiceKind.Tcp,
    };

    private static int? DefaultPort(string scheme) => scheme switch
    {
        "http" or "ws" => 80,
        "https" or "wss" => 443,
        "ssh" => 22,
        "rdp" => 3389,
        "smb" => 445,
        "tcp" => 7864,
        _ => null,
    };

    private static ConfigurationException Bad(string message) => new(message);
}
