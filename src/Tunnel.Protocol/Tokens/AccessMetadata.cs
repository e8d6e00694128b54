using System.Text.Json;

namespace Tunnel.Protocol.Tokens;

/// <summary>
/// What an edge says of the Access application at an address: a JWT in the header <c>cf-access-metadata</c>, the answer to
/// a HEAD request with <c>cf-access-metadata-request: true</c> (cloudflared <c>token/token.go</c>).
/// </summary>
/// <param name="AuthDomain">The team's domain, in lower case: it signs people in, and its keys sign.</param>
/// <param name="Audience">The application's audience tag.</param>
/// <param name="Hostname">The hostname that was asked for.</param>
/// <param name="ApplicationHostname">As the application has it, wildcards included: tokens are kept under this name.</param>
/// <param name="IssuedAt">When it was signed.</param>
public sealed record AccessMetadata(
    string AuthDomain, string Audience, string Hostname, string ApplicationHostname, DateTimeOffset IssuedAt)
{
    private const string MatchType = "match";
    private const int MaxNameLength = 253;
    private const int MaxAudienceLength = 128;

    /// <summary>The longest time for which an answer is good.</summary>
    public static readonly TimeSpan MaxAge = TimeSpan.FromHours(24);

    private static readonly TimeSpan s_clockSkew = TimeSpan.FromMinutes(5);

    /// <summary>Which team's keys are to be fetched to check it. Anybody can have written this.</summary>
    /// <exception cref="AccessTokenException">It is no such JWT.</exception>
    public static string PeekAuthDomain(string token) => SignedToken.Read(token).ReadClaims(Read).AuthDomain;

    /// <summary>Checks the signature, the hostname and the age.</summary>
    /// <param name="hostname">What was asked for.</param>
    /// <param name="keys">The keys of the team that <see cref="PeekAuthDomain"/> names.</param>
    /// <exception cref="AccessTokenException">It is not to be believed.</exception>
    public static async Task<AccessMetadata> VerifyAsync(string token, string hostname, AccessTokenKeys keys, DateTimeOffset now)
    {
        ArgumentNullException.ThrowIfNull(keys);
        var signed = SignedToken.Read(token);
        await signed.VerifyAsync(keys).ConfigureAwait(false);
        var metadata = signed.ReadClaims(Read);
        if (!string.Equals(metadata.Hostname, hostname, StringComparison.OrdinalIgnoreCase))
        {
            throw new AccessTokenException(AccessTokenRefusal.WrongAudience, "It is about another hostname.");
        }

        if (!Covers(metadata.ApplicationHostname, hostname))
        {
            throw new AccessTokenException(AccessTokenRefusal.WrongAudience, "Its application is at another hostname.");
        }

        if (now - metadata.IssuedAt > MaxAge)
        {
            throw new AccessTokenException(AccessTokenRefusal.Expired, "It was signed more than a day ago.");
        }

        return metadata.IssuedAt - now <= s_clockSkew
            ? metadata
            : throw new AccessTokenException(AccessTokenRefusal.NotYetValid, "It was signed in the future. Is this machine's clock right?");
    }

    // Tokens are kept by this name: a host that could name another's application would be shown the token for it.
    private static bool Covers(string application, string hostname)
    {
        var host = application.Split('/', 2)[0];
        return host.Split('*') switch
        {
            [var only] => string.Equals(only, hostname, StringComparison.OrdinalIgnoreCase),
            [var start, var end] => hostname.Length >= start.Length + end.Length
                && hostname.StartsWith(start, StringComparison.OrdinalIgnoreCase) && hostname.EndsWith(end, StringComparison.OrdinalIgnoreCase),
            _ => false,
        };
    }

    private static AccessMetadata Read(JsonElement claims)
    {
        var hostname = Name(claims, "hostname") ?? throw Missing("hostname");
        // The audience becomes part of a file's name, and that with "org" is the organisation's own.
        var audience = Text(claims, "aud", MaxAudienceLength) is { } aud && aud.All(char.IsAsciiLetterOrDigit)
            && !aud.Equals("org", StringComparison.OrdinalIgnoreCase) ? aud : throw Missing("aud");
        return Text(claims, "type", MaxAudienceLength) == MatchType
            ? new AccessMetadata(
                Name(claims, "auth_domain") is { } domain && Uri.CheckHostName(domain) == UriHostNameType.Dns ? domain : throw Missing("auth_domain"),
                audience, hostname, Name(claims, "app_hostname") ?? hostname,
                claims.TryGetProperty("iat", out var at) && at.TryGetInt64(out var seconds) && seconds is > 0 and < 253_402_300_800
                    ? DateTimeOffset.FromUnixTimeSeconds(seconds) : throw Missing("iat"))
            : throw Missing("type");
    }

    private static string? Name(JsonElement claims, string name) =>
        Text(claims, name, MaxNameLength)?.ToLowerInvariant() is { } text && text.All(c => char.IsAsciiLetterOrDigit(c) || c is '.' or '-' or '_' or '*' or '/')
            ? text : null;

    private static string? Text(JsonElement claims, string name, int maxLength) =>
        claims.ValueKind == JsonValueKind.Object && claims.TryGetProperty(name, out var value)
        && value.ValueKind == JsonValueKind.String && value.GetString() is { Length: > 0 } text && text.Length <= maxLength
            ? text : null;

    private static AccessTokenException Missing(string name) =>
        new(AccessTokenRefusal.MissingClaim, $"The metadata's '{name}' is missing or not valid.");
}
