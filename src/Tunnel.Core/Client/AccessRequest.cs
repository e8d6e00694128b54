using System.Security.Cryptography;
using System.Text;

namespace Tunnel.Core.Client;

/// <summary>The request that turns an HTTP/1.1 connection into a WebSocket (RFC 6455, section 4.1), with the visitor's proof.</summary>
internal sealed class AccessRequest
{
    private readonly byte[] _key = new byte[16];
    private readonly AccessClientOptions _options;

    public AccessRequest(AccessClientOptions options)
    {
        _options = options;
        RandomNumberGenerator.Fill(_key);
    }

    /// <summary>What the answer's Sec-WebSocket-Accept has to be.</summary>
    /// <remarks>SHA-1 is the standard's choice; it proves that a WebSocket server answered and protects nothing.</remarks>
    public string Accept
    {
        get
        {
            var proof = Encoding.ASCII.GetBytes(Convert.ToBase64String(_key) + "258EAFA5-E914-47DA-95CA-C5AB0DC85B11");
#pragma warning disable CA5350 // RFC 6455, section 4.2.2, has it so.
            return Convert.ToBase64String(SHA1.HashData(proof));
#pragma warning restore CA5350
        }
    }

    /// <exception cref="AccessConnectException">An option's value cannot stand in a header.</exception>
    public byte[] ToBytes()
    {
        var request = new StringBuilder(1024);
        request.Append("GET ").Append(_options.Address.PathAndQuery).Append(" HTTP/1.1\r\n");
        Add(request, "Host", _options.Address.Authority);
        Add(request, "Upgrade", "websocket");
        Add(request, "Connection", "Upgrade");
        Add(request, "Sec-WebSocket-Version", "13");
        Add(request, "Sec-WebSocket-Key", Convert.ToBase64String(_key));
        Add(request, "User-Agent", _options.UserAgent);
        Add(request, "Cf-Access-Client-Id", _options.ServiceTokenId);
        Add(request, "Cf-Access-Client-Secret", _options.ServiceTokenSecret);
        Add(request, "Cf-Access-Token", _options.AppToken);
        Add(request, "Cf-Access-Jump-Destination", _options.Destination);
        foreach (var (name, value) in _options.Headers)
        {
            Add(request, name, value);
        }

        return Encoding.UTF8.GetBytes(request.Append("\r\n").ToString());
    }

    private static void Add(StringBuilder request, string name, string? value)
    {
        if (string.IsNullOrEmpty(value))
        {
            return;
        }

        if (name.Length == 0 || !name.All(IsTokenCharacter) || value.Any(c => char.IsControl(c) && c != '\t'))
        {
            // The value may be a secret: it is not shown.
            throw new AccessConnectException($"The request header '{name}' has a character that no header may have.");
        }

        request.Append(name).Append(": ").Append(value).Append("\r\n");
    }

    private static bool IsTokenCharacter(char c) =>
        char.IsAsciiLetterOrDigit(c) || "!#$%&'*+-.^_`|~".Contains(c, StringComparison.Ordinal);
}
