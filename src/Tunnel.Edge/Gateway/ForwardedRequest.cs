using System.Net;
using System.Security.Cryptography;
using Microsoft.AspNetCore.Http;
using Tunnel.Edge.Identity;
using Tunnel.Protocol.Streams;

namespace Tunnel.Edge.Gateway;

/// <summary>Makes the request that a connector sees out of a visitor's.</summary>
internal static class ForwardedRequest
{
    /// <summary>Connection-level names (RFC 9110, section 7.6.1), which say nothing about the next connection.</summary>
    private static readonly HashSet<string> s_hopByHop = new(StringComparer.OrdinalIgnoreCase)
    {
        "Connection", "Keep-Alive", "Proxy-Connection", "Proxy-Authenticate", "Proxy-Authorization", "TE", "Trailer",
        "Transfer-Encoding", "Upgrade", "Host", "HTTP2-Settings", "Expect",
    };

    /// <param name="assertion">The application token that tells the origin who it is; null where nobody was asked.</param>
    public static HttpRequestMessage Create(
        HttpContext visitor, StreamKind kind, HttpContent? content, string rayId, IPAddress address,
        VerifiedIdentity? identity, string? assertion)
    {
        var source = visitor.Request;
        var request = new HttpRequestMessage(
            kind == StreamKind.WebSocket ? HttpMethod.Get : HttpMethod.Parse(source.Method), (Uri?)null)
        {
            Content = content,
        };
        var listed = source.Headers.Connection.ToString()
            .Split(',', StringSplitOptions.TrimEntries | StringSplitOptions.RemoveEmptyEntries);
        foreach (var (name, values) in source.Headers)
        {
            // What a visitor says in the edge's own names is never believed: all of them are ours. CGI (RFC 3875, section
            // 4.1.18) makes one variable of "Cf-Access-..." and "Cf_Access_...".
            if (name.StartsWith(':') || name.StartsWith("cf-", StringComparison.OrdinalIgnoreCase)
                || name.StartsWith("cf_", StringComparison.OrdinalIgnoreCase)
                || s_hopByHop.Contains(name) || listed.Contains(name, StringComparer.OrdinalIgnoreCase))
            {
                continue;
            }

            if (!request.Headers.TryAddWithoutValidation(name, (IEnumerable<string?>)values))
            {
                content?.Headers.TryAddWithoutValidation(name, (IEnumerable<string?>)values);
            }
        }

        var headers = request.Headers;
        if (kind == StreamKind.WebSocket)
        {
            headers.TryAddWithoutValidation(StreamHeaders.ConnectionUpgrade, StreamHeaders.UpgradeWebSocket);
            if (source.Headers.SecWebSocketKey.Count == 0)
            {
                // Over HTTP/2 a visitor sends none (RFC 8441, section 5.1); a connector computes its answer from one.
                headers.TryAddWithoutValidation("Sec-WebSocket-Key", Convert.ToBase64String(RandomNumberGenerator.GetBytes(16)));
            }
        }

        headers.TryAddWithoutValidation("Cf-Ray", rayId);
        headers.TryAddWithoutValidation("Cf-Connecting-Ip", address.ToString());
        headers.TryAddWithoutValidation("Cf-Visitor", """{"scheme":"https"}""");
        headers.TryAddWithoutValidation("X-Forwarded-For", address.ToString());
        headers.Remove("X-Forwarded-Proto");
        headers.TryAddWithoutValidation("X-Forwarded-Proto", "https");
        if (assertion is not null)
        {
            headers.TryAddWithoutValidation("Cf-Access-Jwt-Assertion", assertion);
            if (identity?.Email is { } email)
            {
                headers.TryAddWithoutValidation("Cf-Access-Authenticated-User-Email", email);
            }
        }

        return request;
    }
}
