using System.Globalization;
using System.Text;

namespace Tunnel.Core.Client;

/// <summary>The answer to the upgrade: a status line, headers, and whatever has arrived after them.</summary>
internal sealed class AccessResponse
{
    /// <summary>The most that a status line and headers may take; servers commonly stop at the same.</summary>
    public const int MaxHeaderBytes = 32 * 1024;

    private readonly List<KeyValuePair<string, string>> _headers = [];

    private AccessResponse(int statusCode, ReadOnlyMemory<byte> rest) => (StatusCode, Rest) = (statusCode, rest);

    public int StatusCode { get; }

    /// <summary>Bytes after the empty line: a body, or the first frames.</summary>
    public ReadOnlyMemory<byte> Rest { get; }

    /// <returns>The first value of that name, or null.</returns>
    public string? this[string name] =>
        _headers.Find(header => header.Key.Equals(name, StringComparison.OrdinalIgnoreCase)).Value;

    /// <exception cref="AccessConnectException">No HTTP/1.1 answer.</exception>
    /// <exception cref="IOException">The connection failed.</exception>
    public static async Task<AccessResponse> ReadAsync(Stream transport, CancellationToken cancellationToken)
    {
        var buffer = new byte[2048];
        var filled = 0;
        while (true)
        {
            var end = buffer.AsSpan(0, filled).IndexOf("\r\n\r\n"u8);
            if (end >= 0)
            {
                return Parse(buffer.AsSpan(0, end), buffer.AsMemory(end + 4, filled - end - 4));
            }

            if (filled == buffer.Length)
            {
                if (filled >= MaxHeaderBytes)
                {
                    throw new AccessConnectException("The answer's headers are longer than 32 KiB.");
                }

                Array.Resize(ref buffer, filled * 2);
            }

            var read = await transport.ReadAsync(buffer.AsMemory(filled), cancellationToken).ConfigureAwait(false);
            if (read == 0)
            {
                throw new AccessConnectException(filled == 0
                    ? "The far end closed the connection without an answer."
                    : "The far end closed the connection in the middle of its answer.");
            }

            filled += read;
        }
    }

    /// <summary>The text that a refusal came with, as far as it has arrived or arrives now; one line, at most 300 characters.</summary>
    public async Task<string?> ReadReasonAsync(Stream transport, CancellationToken cancellationToken)
    {
        if (this["Content-Type"]?.StartsWith("text/plain", StringComparison.OrdinalIgnoreCase) != true
            || !int.TryParse(this["Content-Length"], NumberStyles.None, CultureInfo.InvariantCulture, out var length)
            || length == 0)
        {
            return null;
        }

        var body = new byte[Math.Min(length, 1024)];
        var filled = Math.Min(Rest.Length, body.Length);
        Rest.Span[..filled].CopyTo(body);
        filled += await transport.ReadAtLeastAsync(body.AsMemory(filled), body.Length - filled, false, cancellationToken)
            .ConfigureAwait(false);
        var text = Encoding.UTF8.GetString(body.AsSpan(0, filled));
        // Somebody else's text goes to a terminal: no control characters.
        var line = string.Concat(text.Trim().TakeWhile(c => c is not ('\r' or '\n')).Where(c => !char.IsControl(c)).Take(300));
        return line.Length == 0 ? null : line;
    }

    private static AccessResponse Parse(ReadOnlySpan<byte> head, ReadOnlyMemory<byte> rest)
    {
        var lines = Encoding.Latin1.GetString(head).Split("\r\n");
        var status = lines[0];
        if (status.Length < 12 || !status.StartsWith("HTTP/1.", StringComparison.Ordinal) || status[8] != ' '
            || !int.TryParse(status.AsSpan(9, 3), NumberStyles.None, CultureInfo.InvariantCulture, out var code))
        {
            throw new AccessConnectException("What answers there does not speak HTTP/1.1. Is it the right address?");
        }

        var response = new AccessResponse(code, rest);
        foreach (var line in lines.AsSpan(1))
        {
            var colon = line.IndexOf(':', StringComparison.Ordinal);
            if (colon <= 0)
            {
                throw new AccessConnectException("The answer has a header line without a name.");
            }

            response._headers.Add(new(line[..colon], line[(colon + 1)..].Trim()));
        }

        return response;
    }
}
