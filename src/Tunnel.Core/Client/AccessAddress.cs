using System.Globalization;

namespace Tunnel.Core.Client;

/// <summary>The address of an application behind Access: <c>https://HOST:PORT/PATH</c>.</summary>
/// <param name="Host">A DNS name in its ASCII form, or an IP address without brackets.</param>
/// <param name="Port">Of the TLS listener.</param>
/// <param name="PathAndQuery">Starts with <c>/</c>.</param>
public sealed record AccessAddress(string Host, int Port = 443, string PathAndQuery = "/")
{
    /// <summary>As the Host header has it.</summary>
    public string Authority
    {
        get
        {
            var host = Host.Contains(':', StringComparison.Ordinal) ? $"[{Host}]" : Host;
            return Port == 443 ? host : string.Create(CultureInfo.InvariantCulture, $"{host}:{Port}");
        }
    }

    public static implicit operator AccessAddress(string address) => Parse(address);

    /// <summary>Reads what people give as a hostname: a name, a name with a port, or a URL; always as https.</summary>
    /// <exception cref="FormatException">No address of an application.</exception>
    public static AccessAddress Parse(string address)
    {
        ArgumentNullException.ThrowIfNull(address);
        var rest = address.Trim();
        foreach (var scheme in (ReadOnlySpan<string>)["https://", "http://"])
        {
            if (rest.StartsWith(scheme, StringComparison.OrdinalIgnoreCase))
            {
                rest = rest[scheme.Length..];
                break;
            }
        }

        if (rest.Count(c => c == ':') > 1 && !rest.StartsWith('['))
        {
            var end = rest.IndexOfAny(['/', '?', '#']);
            rest = end < 0 ? $"[{rest}]" : $"[{rest[..end]}]{rest[end..]}";
        }

        if (!Uri.TryCreate("https://" + rest, UriKind.Absolute, out var uri) || uri.Host.Length == 0 || uri.UserInfo.Length > 0)
        {
            throw new FormatException($"'{address}' is not a hostname. Give a name such as ssh.example.com.");
        }

        try
        {
            return new AccessAddress(uri.IdnHost, uri.Port, uri.PathAndQuery);
        }
        catch (ArgumentException error)
        {
            throw new FormatException($"'{address}' is not a hostname: {error.Message}", error);
        }
    }

    public override string ToString() => "https://" + Authority + PathAndQuery;
}
