using System.Buffers;
using System.Text.Json;
using Microsoft.IdentityModel.JsonWebTokens;
using Microsoft.IdentityModel.Tokens;

namespace Tunnel.Protocol.Tokens;

/// <summary>
/// Checks Access tokens: JWTs (RFC 7519) signed with RS256 by a key of the team, for one application. Nothing that the
/// token says about itself is believed before its signature has been checked.
/// </summary>
public sealed class AccessTokenValidator
{
    /// <summary>Longest token, in characters.</summary>
    public const int MaxLength = 16 * 1024;

    private static readonly SearchValues<char> TokenCharacters =
        SearchValues.Create("ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789-_.");

    private readonly JsonWebTokenHandler _handler = new() { MaximumTokenSizeInBytes = MaxLength };
    private readonly AccessTokenValidatorOptions _options;

    /// <exception cref="ArgumentException">No issuer, no audience, or a clock skew that is not 0 to 60 seconds.</exception>
    public AccessTokenValidator(AccessTokenValidatorOptions options)
    {
        ArgumentNullException.ThrowIfNull(options);
        if (options.Issuer.Length == 0 || options.Audiences.Count == 0 || options.Audiences.Contains(""))
        {
            throw new ArgumentException("A validator needs an issuer and an audience.", nameof(options));
        }
        if (options.ClockSkew < TimeSpan.Zero || options.ClockSkew > TimeSpan.FromSeconds(60))
        {
            throw new ArgumentException("The clock skew must be 0 to 60 seconds.", nameof(options));
        }
        _options = options with { Audiences = [.. options.Audiences] };
    }

    /// <summary>Checks a token.</summary>
    /// <exception cref="AccessTokenException">Refused; <see cref="AccessTokenException.Refusal"/> says why.</exception>
    public async Task<AccessTokenClaims> ValidateAsync(string? token)
    {
        if (string.IsNullOrEmpty(token))
        {
            throw Refuse(AccessTokenRefusal.Missing, "There is no token.");
        }
        if (token.Length > MaxLength)
        {
            throw Refuse(AccessTokenRefusal.TooLong, $"The token is longer than {MaxLength} characters.");
        }
        var parsed = Read(token);
        var key = FindKey(parsed);
        var result = await _handler.ValidateTokenAsync(parsed, SignatureOnly(key)).ConfigureAwait(false);
        if (!result.IsValid)
        {
            throw Refuse(AccessTokenRefusal.BadSignature, "The token's signature is not valid.");
        }
        var claims = ReadClaims(parsed);
        Check(claims);
        return claims;
    }

    private static JsonWebToken Read(string token)
    {
        if (token.AsSpan().ContainsAnyExcept(TokenCharacters) || token.AsSpan().Count('.') != 2)
        {
            throw Refuse(AccessTokenRefusal.Malformed, "The token is not a signed JWT.");
        }
        try
        {
            return new JsonWebToken(token);
        }
        catch (Exception e) when (e is ArgumentException or SecurityTokenException or JsonException or FormatException or InvalidOperationException)
        {
            throw Refuse(AccessTokenRefusal.Malformed, "The token is not a signed JWT.");
        }
    }

    private RsaSecurityKey FindKey(JsonWebToken token)
    {
        // RS256 and nothing else: 'none' needs no key, and HS256 would take the public key for a secret.
        if (Header(token, "alg") != SecurityAlgorithms.RsaSha256)
        {
            throw Refuse(AccessTokenRefusal.AlgorithmNotAllowed, "The token is not signed with RS256.");
        }
        if (token.TryGetHeaderValue<object>("crit", out _))
        {
            throw Refuse(AccessTokenRefusal.Malformed, "The token asks for extensions that are not known.");
        }
        return Header(token, "kid") is { Length: > 0 } id && _options.Keys.TryGet(id, out var key)
            ? key
            : throw Refuse(AccessTokenRefusal.UnknownKey, "The token is signed with a key that is not known.");
    }

    private static string? Header(JsonWebToken token, string name) =>
        token.TryGetHeaderValue<object>(name, out var value) ? value as string : null;

    private static TokenValidationParameters SignatureOnly(RsaSecurityKey key) => new()
    {
        IssuerSigningKey = key,
        ValidAlgorithms = [SecurityAlgorithms.RsaSha256],
        RequireSignedTokens = true,
        TryAllIssuerSigningKeys = false,
        ValidateIssuerSigningKey = false,
        // Checked below, so that each refusal has its own reason and the clock is the one given.
        ValidateIssuer = false,
        ValidateAudience = false,
        ValidateLifetime = false,
    };

    private void Check(AccessTokenClaims claims)
    {
        if (!string.Equals(claims.Issuer, _options.Issuer, StringComparison.Ordinal))
        {
            throw Refuse(AccessTokenRefusal.WrongIssuer, "The token is from another team.");
        }
        if (!claims.Audiences.Any(a => _options.Audiences.Contains(a, StringComparer.Ordinal)))
        {
            throw Refuse(AccessTokenRefusal.WrongAudience, "The token is for another application.");
        }
        var now = _options.TimeProvider.GetUtcNow();
        if (now - _options.ClockSkew >= claims.ExpiresAt)
        {
            throw Refuse(AccessTokenRefusal.Expired, "The token has expired.");
        }
        var earliest = claims.NotBefore > claims.IssuedAt ? claims.NotBefore.Value : claims.IssuedAt;
        if (now + _options.ClockSkew < earliest)
        {
            throw Refuse(AccessTokenRefusal.NotYetValid, "The token is not valid yet.");
        }
    }

    private static AccessTokenClaims ReadClaims(JsonWebToken token)
    {
        try
        {
            using var document = JsonDocument.Parse(Base64UrlEncoder.DecodeBytes(token.EncodedPayload));
            return AccessTokenClaimsReader.Read(document.RootElement);
        }
        catch (Exception e) when (e is JsonException or InvalidOperationException or FormatException)
        {
            throw Refuse(AccessTokenRefusal.Malformed, "The token's claims cannot be read.");
        }
    }

    private static AccessTokenException Refuse(AccessTokenRefusal refusal, string message) => new(refusal, message);
}
