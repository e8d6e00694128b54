using System.Net;
using System.Security.Cryptography;
using Microsoft.AspNetCore.Http;
using Microsoft.Extensions.Primitives;
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

    /// <summary>
    /// What proxies say of a visitor. Nobody stands before this edge whose word counts: an origin that believes one of these
    /// is told the truth or nothing.
    /// </summary>
    private static readonly HashSet<string> s_claims = new(StringComparer.OrdinalIgnoreCase)
    {
        "Forwarded", "X-Forwarded-For", "X-Forwarded-Host", "X-Forwarded-Port", "X-Forwarded-Proto", "X-Forwarded-Server",
        "X-Real-Ip", "True-Client-Ip", "X-Client-Ip",
    };

    /// <param name="country">Where the visitor is; null where that is not known.</param>
    /// <param name="assertion">The application token that tells the origin who it is; null where nobody was asked.</param>
    /// <param name="secretHeader">A header that shows a service token, and so is not for the origin.</param>
    public static HttpRequestMessage Create(
        HttpContext visitor, StreamKind kind, HttpContent? content, string rayId, IPAddress address, string? country,
        VerifiedIdentity? identity, string? assertion, string? secretHeader = null)
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
            var plain = name.Replace('_', '-');
            if (name.StartsWith(':') || plain.StartsWith("cf-", StringComparison.OrdinalIgnoreCase)
                || s_claims.Contains(plain) || s_hopByHop.Contains(plain) || listed.Contains(name, StringComparer.OrdinalIgnoreCase))
            {
                continue;
            }

            if (name.Equals(secretHeader, StringComparison.OrdinalIgnoreCase))
            {
                continue;
            }

            var told = name.Equals("Cookie", StringComparison.OrdinalIgnoreCase) ? WithoutBinding(values) : values;
            if (told.Count > 0 && !request.Headers.TryAddWithoutValidation(name, (IEnumerable<string?>)told))
            {
                content?.Headers.TryAddWithoutValidation(name, (IEnumerable<string?>)told);
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
        if (country is not null)
        {
            headers.TryAddWithoutValidation("Cf-IPCountry", country);
        }

        headers.TryAddWithoutValidation("Cf-Visitor", """{"scheme":"https"}""");
        headers.TryAddWithoutValidation("X-Forwarded-For", address.ToString());
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

    // What ties the token to the browser is of use only as long as no origin knows it.
    private static StringValues WithoutBinding(StringValues cookies)
    {
        const string prefix = AccessCookies.Binding + "=";
        return !cookies.Any(c => c?.Contains(prefix, StringComparison.Ordinal) == true) ? cookies
            : new StringValues([.. cookies.Select(c => string.Join("; ", (c ?? "").Split(';', StringSplitOptions.TrimEntries)
                .Where(part => !part.StartsWith(prefix, StringComparison.Ordinal)))).Where(c => c.Length > 0)]);
    }
}
