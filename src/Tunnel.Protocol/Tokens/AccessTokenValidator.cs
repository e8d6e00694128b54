namespace Tunnel.Protocol.Tokens;

/// <summary>
/// Checks Access tokens: JWTs (RFC 7519) signed with RS256 by a key of the team, for one application. Nothing that the
/// token says about itself is believed before its signature has been checked.
/// </summary>
public sealed class AccessTokenValidator
{
    /// <summary>Longest token, in characters.</summary>
    public const int MaxLength = 16 * 1024;

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
        var signed = SignedToken.Read(token);
        await signed.VerifyAsync(_options.Keys).ConfigureAwait(false);
        var claims = signed.ReadClaims(AccessTokenClaimsReader.Read);
        Check(claims);
        return claims;
    }

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

    private static AccessTokenException Refuse(AccessTokenRefusal refusal, string message) => new(refusal, message);
}
