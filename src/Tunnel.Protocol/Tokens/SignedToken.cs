using System.Buffers;
using System.Text.Json;
using Microsoft.IdentityModel.JsonWebTokens;
using Microsoft.IdentityModel.Tokens;

namespace Tunnel.Protocol.Tokens;

/// <summary>A JWT of a team, taken apart. Nothing that it says is to be believed before <see cref="VerifyAsync"/>.</summary>
internal sealed class SignedToken
{
    private static readonly SearchValues<char> s_characters =
        SearchValues.Create("ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789-_.");

    private static readonly JsonWebTokenHandler s_handler = new() { MaximumTokenSizeInBytes = AccessTokenValidator.MaxLength };

    private readonly JsonWebToken _token;

    private SignedToken(JsonWebToken token) => _token = token;

    /// <exception cref="AccessTokenException">It is no signed JWT, or far too long.</exception>
    public static SignedToken Read(string? token)
    {
        if (string.IsNullOrEmpty(token))
        {
            throw Refuse(AccessTokenRefusal.Missing, "There is no token.");
        }

        if (token.Length > AccessTokenValidator.MaxLength)
        {
            throw Refuse(AccessTokenRefusal.TooLong, $"The token is longer than {AccessTokenValidator.MaxLength} characters.");
        }

        if (token.AsSpan().ContainsAnyExcept(s_characters) || token.AsSpan().Count('.') != 2)
        {
            throw NoJwt();
        }

        try
        {
            return new SignedToken(new JsonWebToken(token));
        }
        catch (Exception e) when (e is ArgumentException or SecurityTokenException or JsonException or FormatException or InvalidOperationException)
        {
            throw NoJwt();
        }
    }

    /// <summary>Checks the signature, and nothing of what the token says.</summary>
    /// <exception cref="AccessTokenException">None of the keys signed it.</exception>
    public async Task VerifyAsync(AccessTokenKeys keys)
    {
        var result = await s_handler.ValidateTokenAsync(_token, SignatureOnly(FindKey(keys))).ConfigureAwait(false);
        if (!result.IsValid)
        {
            throw Refuse(AccessTokenRefusal.BadSignature, "The token's signature is not valid.");
        }
    }

    /// <summary>What the token says.</summary>
    /// <exception cref="AccessTokenException">It says nothing that can be read.</exception>
    public T ReadClaims<T>(Func<JsonElement, T> read)
    {
        try
        {
            using var document = JsonDocument.Parse(Base64UrlEncoder.DecodeBytes(_token.EncodedPayload));
            return read(document.RootElement);
        }
        catch (Exception e) when (e is JsonException or InvalidOperationException or FormatException)
        {
            throw Refuse(AccessTokenRefusal.Malformed, "The token's claims cannot be read.");
        }
    }

    private RsaSecurityKey FindKey(AccessTokenKeys keys)
    {
        // RS256 and nothing else: 'none' needs no key, and HS256 would take the public key for a secret.
        if (Header("alg") != SecurityAlgorithms.RsaSha256)
        {
            throw Refuse(AccessTokenRefusal.AlgorithmNotAllowed, "The token is not signed with RS256.");
        }

        if (_token.TryGetHeaderValue<object>("crit", out _))
        {
            throw Refuse(AccessTokenRefusal.Malformed, "The token asks for extensions that are not known.");
        }

        return Header("kid") is { Length: > 0 } id && keys.TryGet(id, out var key)
            ? key
            : throw Refuse(AccessTokenRefusal.UnknownKey, "The token is signed with a key that is not known.");
    }

    private string? Header(string name) => _token.TryGetHeaderValue<object>(name, out var value) ? value as string : null;

    private static TokenValidationParameters SignatureOnly(RsaSecurityKey key) => new()
    {
        IssuerSigningKey = key,
        ValidAlgorithms = [SecurityAlgorithms.RsaSha256],
        RequireSignedTokens = true,
        TryAllIssuerSigningKeys = false,
        ValidateIssuerSigningKey = false,
        // Checked by who asks, so that each refusal has its own reason and the clock is the one given.
        ValidateIssuer = false,
        ValidateAudience = false,
        ValidateLifetime = false,
    };

    private static AccessTokenException NoJwt() => Refuse(AccessTokenRefusal.Malformed, "The token is not a signed JWT.");

    private static AccessTokenException Refuse(AccessTokenRefusal refusal, string message) => new(refusal, message);
}
