using System.Buffers;
using System.Buffers.Text;
using System.Text;

namespace Tunnel.Protocol.Streams;

/// <summary>
/// The one header in which an origin's response headers travel: pairs <c>name:value</c> joined by <c>;</c>, name and
/// value each in base64 without padding (cloudflared <c>connection/header.go</c>). One char is one byte (Latin-1), so
/// that values survive whatever their encoding was.
/// </summary>
/// <remarks>Decoded values may hold any byte, line ends too: whoever writes them on checks them as its protocol wants.</remarks>
public static class SerializedHeaders
{
    /// <summary>Longest text that is encoded or decoded, in chars: the header list limit of cloudflared's HTTP/2 server.</summary>
    public const int MaxLength = 1 << 20;

    /// <summary>Most pairs that are encoded or decoded.</summary>
    public const int MaxPairs = 4096;

    private static readonly SearchValues<char> Alphabet =
        SearchValues.Create("ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789+/");

    /// <summary>Encodes pairs in the order given.</summary>
    /// <exception cref="FormatException">Beyond the bounds, or a char above U+00FF.</exception>
    public static string Encode(IEnumerable<KeyValuePair<string, string>> headers)
    {
        ArgumentNullException.ThrowIfNull(headers);
        var text = new StringBuilder();
        var pairs = 0;
        foreach (var (name, value) in headers)
        {
            if (++pairs > MaxPairs)
            {
                throw new FormatException($"More than {MaxPairs} headers.");
            }
            if (text.Length > 0)
            {
                text.Append(';');
            }
            Append(text, name);
            text.Append(':');
            Append(text, value);
        }
        return text.ToString();
    }

    /// <summary>Decodes pairs. Empty pairs (<c>;;</c>) are skipped, as cloudflared does.</summary>
    /// <exception cref="FormatException">Not the format, or beyond the bounds.</exception>
    public static IReadOnlyList<KeyValuePair<string, string>> Decode(string text)
    {
        ArgumentNullException.ThrowIfNull(text);
        if (text.Length > MaxLength)
        {
            throw new FormatException($"Serialized headers are longer than {MaxLength} characters.");
        }
        var headers = new List<KeyValuePair<string, string>>();
        foreach (var range in text.AsSpan().Split(';'))
        {
            var pair = text.AsSpan(range);
            if (pair.IsEmpty)
            {
                continue;
            }
            var colon = pair.IndexOf(':');
            if (colon < 0 || pair[(colon + 1)..].Contains(':'))
            {
                throw new FormatException("A serialized header is not of the form name:value.");
            }
            if (headers.Count == MaxPairs)
            {
                throw new FormatException($"More than {MaxPairs} serialized headers.");
            }
            headers.Add(new(DecodePart(pair[..colon]), DecodePart(pair[(colon + 1)..])));
        }
        return headers;
    }

    /// <summary>Whether a header belongs to edge and connector, and is never passed to a visitor. Any case.</summary>
    public static bool IsControlHeader(string name)
    {
        ArgumentNullException.ThrowIfNull(name);
        return name.StartsWith(':')
            || name.StartsWith("cf-int-", StringComparison.OrdinalIgnoreCase)
            || name.StartsWith("cf-cloudflared-", StringComparison.OrdinalIgnoreCase)
            || name.StartsWith("cf-proxy-", StringComparison.OrdinalIgnoreCase);
    }

    /// <summary>Whether a WebSocket client needs the header to accept the upgrade. Any case.</summary>
    public static bool IsWebSocketHeader(string name) =>
        string.Equals(name, "sec-websocket-accept", StringComparison.OrdinalIgnoreCase)
        || string.Equals(name, "connection", StringComparison.OrdinalIgnoreCase)
        || string.Equals(name, "upgrade", StringComparison.OrdinalIgnoreCase);

    private static void Append(StringBuilder text, string part)
    {
        if (text.Length + (part.Length / 3 * 4) + 4 > MaxLength)
        {
            throw new FormatException($"Headers are longer than {MaxLength} characters when serialized.");
        }
        var bytes = ArrayPool<byte>.Shared.Rent(part.Length);
        try
        {
            if (part.AsSpan().ContainsAnyExceptInRange('\0', '\u00ff'))
            {
                throw new FormatException("A header holds a character above U+00FF.");
            }
            var count = Encoding.Latin1.GetBytes(part, bytes);
            text.Append(Convert.ToBase64String(bytes.AsSpan(0, count)).AsSpan().TrimEnd('='));
        }
        finally
        {
            ArrayPool<byte>.Shared.Return(bytes);
        }
    }

    private static string DecodePart(ReadOnlySpan<char> part)
    {
        if (part.ContainsAnyExcept(Alphabet) || part.Length % 4 == 1)
        {
            throw new FormatException("A serialized header is not base64 without padding.");
        }
        var paddedLength = (part.Length + 3) / 4 * 4;
        var buffer = ArrayPool<byte>.Shared.Rent(paddedLength);
        try
        {
            var encoded = buffer.AsSpan(0, paddedLength);
            encoded.Fill((byte)'=');
            Encoding.Latin1.GetBytes(part, encoded);
            return Base64.DecodeFromUtf8InPlace(encoded, out var written) == OperationStatus.Done
                ? Encoding.Latin1.GetString(encoded[..written])
                : throw new FormatException("A serialized header is not base64 without padding.");
        }
        finally
        {
            ArrayPool<byte>.Shared.Return(buffer);
        }
    }
}
