using System.Collections.Concurrent;
using System.Text.Json;
using System.Text.Json.Nodes;
using Microsoft.IdentityModel.JsonWebTokens;
using Microsoft.IdentityModel.Tokens;

namespace Tunnel.Edge.Identity.SignIn;

/// <summary>
/// Exchanges a code for an ID token and checks it (OpenID Connect Core 1.0, section 3.1.3): signed by a key of the
/// provider's, for this client, for this sign-in, not expired.
/// </summary>
internal sealed class OidcClient(ProviderHttp http, UserInfo userInfo, EntraGroups entra, TimeProvider time)
{
    private static readonly TimeSpan s_keysKept = TimeSpan.FromMinutes(10);
    private static readonly TimeSpan s_keysRefetch = TimeSpan.FromSeconds(10);

    private static readonly string[] s_algorithms =
    [
        SecurityAlgorithms.RsaSha256, SecurityAlgorithms.RsaSha384, SecurityAlgorithms.RsaSha512,
        SecurityAlgorithms.RsaSsaPssSha256, SecurityAlgorithms.EcdsaSha256, SecurityAlgorithms.EcdsaSha384,
    ];

    private readonly ConcurrentDictionary<Uri, (JsonWebKeySet Keys, DateTimeOffset FetchedAt)> _keys = new();

    /// <exception cref="OidcException">The provider vouches for nobody.</exception>
    public async Task<OidcIdentity> RedeemAsync(
        OidcProvider provider, string code, string redirectAddress, string verifier, string nonce, CancellationToken cancellationToken)
    {
        using var answer = await http.PostAsync(provider.TokenAddress, new Dictionary<string, string>
        {
            ["grant_type"] = "authorization_code",
            ["code"] = code,
            ["redirect_uri"] = redirectAddress,
            ["client_id"] = provider.ClientId,
            ["client_secret"] = provider.Record.ClientSecret ?? "",
            ["code_verifier"] = verifier,
        }, cancellationToken).ConfigureAwait(false);
        var token = Text(answer.RootElement, "id_token") ?? throw new OidcException("The provider gave no ID token.");
        var checkedToken = await CheckAsync(provider, token, nonce, cancellationToken).ConfigureAwait(false);
        var claims = (JsonObject)JsonNode.Parse(Base64UrlEncoder.DecodeBytes(checkedToken.EncodedPayload))!;
        var access = Text(answer.RootElement, "access_token");
        await userInfo.CompleteAsync(provider, claims, access, cancellationToken).ConfigureAwait(false);
        await entra.CompleteAsync(provider, claims, access, cancellationToken).ConfigureAwait(false);
        return Read(provider, claims);
    }

    private async Task<JsonWebToken> CheckAsync(OidcProvider provider, string text, string nonce, CancellationToken cancellationToken)
    {
        var handler = new JsonWebTokenHandler { MaximumTokenSizeInBytes = 64 * 1024 };
        var result = await handler.ValidateTokenAsync(text, Rules(provider, await KeysAsync(provider, s_keysKept, cancellationToken).ConfigureAwait(false)))
            .ConfigureAwait(false);
        if (result.Exception is SecurityTokenSignatureKeyNotFoundException)
        {
            // The provider has rotated its keys.
            result = await handler.ValidateTokenAsync(
                text, Rules(provider, await KeysAsync(provider, s_keysRefetch, cancellationToken).ConfigureAwait(false))).ConfigureAwait(false);
        }

        return result is { IsValid: true, SecurityToken: JsonWebToken token }
            && token.TryGetPayloadValue<string>("nonce", out var shown) && shown == nonce
            ? token : throw new OidcException($"The ID token is not valid ({result.Exception?.GetType().Name ?? "another sign-in's"}).");
    }

    private TokenValidationParameters Rules(OidcProvider provider, JsonWebKeySet keys) => new()
    {
        IssuerSigningKeys = keys.GetSigningKeys(),
        ValidAlgorithms = s_algorithms,
        RequireSignedTokens = true,
        RequireExpirationTime = true,
        TryAllIssuerSigningKeys = false,
        ValidAudience = provider.ClientId,
        // The settings of type oidc name no issuer.
        ValidateIssuer = provider.Issuer is not null,
        IssuerValidator = (issuer, _, _) => provider.Issuer is not { } expected || issuer.TrimEnd('/') == expected.TrimEnd('/')
            ? issuer : throw new SecurityTokenInvalidIssuerException("Another issuer's."),
        LifetimeValidator = (notBefore, expires, _, _) =>
            expires > time.GetUtcNow().UtcDateTime.AddMinutes(-1) && !(notBefore > time.GetUtcNow().UtcDateTime.AddMinutes(1)),
    };

    private async Task<JsonWebKeySet> KeysAsync(OidcProvider provider, TimeSpan notOlder, CancellationToken cancellationToken)
    {
        var now = time.GetUtcNow();
        var address = provider.KeysAddress!;
        if (_keys.TryGetValue(address, out var known) && now - known.FetchedAt < notOlder)
        {
            return known.Keys;
        }

        using var answer = await http.GetAsync(address, token: null, cancellationToken).ConfigureAwait(false);
        try
        {
            var keys = new JsonWebKeySet(answer.RootElement.GetRawText());
            _keys[address] = (keys, now);
            return keys;
        }
        catch (ArgumentException)
        {
            throw new OidcException("The provider's keys cannot be read.");
        }
    }

    private static OidcIdentity Read(OidcProvider provider, JsonObject claims)
    {
        var email = EmailAddress.Read(Text(claims, provider.EmailClaim))
            ?? throw new OidcException($"The ID token has no mail address as '{provider.EmailClaim}'.");
        if (provider.Domain is { } domain && !domain.Equals(Text(claims, "hd"), StringComparison.OrdinalIgnoreCase))
        {
            // Whoever has an account of Google's can have been sent there.
            throw new OidcException($"The person does not belong to {domain}.");
        }

        if (claims["email_verified"] is JsonValue verified && (verified.ToString() is "false" or "False"))
        {
            throw new OidcException("The provider says that the mail address is not verified.");
        }

        var kept = new JsonObject();
        foreach (var name in (string[])["amr", "groups"])
        {
            if (claims[name] is { } value)
            {
                kept[name] = value.DeepClone();
            }
        }

        kept["oidc_fields"] = new JsonObject(provider.Claims.Where(claims.ContainsKey)
            .Distinct(StringComparer.Ordinal).Select(name => KeyValuePair.Create(name, claims[name]?.DeepClone())));
        return new OidcIdentity(email, Text(claims, "name"), kept.ToJsonString());
    }

    private static string? Text(JsonElement answer, string name) =>
        answer.ValueKind == JsonValueKind.Object && answer.TryGetProperty(name, out var value) && value.ValueKind == JsonValueKind.String
            ? value.GetString() : null;

    private static string? Text(JsonObject claims, string name) =>
        claims[name] is JsonValue value && value.GetValueKind() == JsonValueKind.String ? value.GetValue<string>() : null;
}
