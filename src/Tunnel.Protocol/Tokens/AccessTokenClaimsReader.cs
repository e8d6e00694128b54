using System.Text.Json;

namespace Tunnel.Protocol.Tokens;

/// <summary>Reads the claims of a token whose signature is good.</summary>
internal static class AccessTokenClaimsReader
{
    // The last second of the year 9999.
    private const double MaxSeconds = 253_402_300_799;

    /// <exception cref="AccessTokenException">A claim that every token has is missing or of the wrong type.</exception>
    internal static AccessTokenClaims Read(JsonElement claims)
    {
        if (claims.ValueKind != JsonValueKind.Object)
        {
            throw Missing("all claims");
        }
        return new AccessTokenClaims
        {
            Audiences = Audiences(claims),
            Issuer = Text(claims, "iss") ?? throw Missing("iss"),
            Subject = Text(claims, "sub") ?? "",
            Email = Text(claims, "email"),
            IssuedAt = Time(claims, "iat") ?? throw Missing("iat"),
            ExpiresAt = Time(claims, "exp") ?? throw Missing("exp"),
            NotBefore = Time(claims, "nbf"),
            Type = Text(claims, "type"),
            CommonName = Text(claims, "common_name"),
            IdentityNonce = Text(claims, "identity_nonce"),
            SessionId = Text(claims, "sid"),
            Country = Text(claims, "country"),
        };
    }

    // RFC 7519, section 4.1.3: one text, or an array of texts.
    private static string[] Audiences(JsonElement claims)
    {
        if (!claims.TryGetProperty("aud", out var value))
        {
            throw Missing("aud");
        }
        return value.ValueKind switch
        {
            JsonValueKind.String => [value.GetString()!],
            JsonValueKind.Array when value.EnumerateArray().All(a => a.ValueKind == JsonValueKind.String) =>
                [.. value.EnumerateArray().Select(a => a.GetString()!)],
            _ => throw Missing("aud"),
        };
    }

    private static string? Text(JsonElement claims, string name)
    {
        if (!claims.TryGetProperty(name, out var value) || value.ValueKind == JsonValueKind.Null)
        {
            return null;
        }
        return value.ValueKind == JsonValueKind.String ? value.GetString() : throw Missing(name);
    }

    // RFC 7519, section 2: seconds since 1970, perhaps with a fraction.
    private static DateTimeOffset? Time(JsonElement claims, string name)
    {
        if (!claims.TryGetProperty(name, out var value))
        {
            return null;
        }
        return value.ValueKind == JsonValueKind.Number && value.TryGetDouble(out var seconds) && seconds is >= 0 and <= MaxSeconds
            ? DateTimeOffset.UnixEpoch.AddTicks((long)(seconds * TimeSpan.TicksPerSecond))
            : throw Missing(name);
    }

    private static AccessTokenException Missing(string name) =>
        new(AccessTokenRefusal.MissingClaim, $"The token's '{name}' is missing or not valid.");
}
