using System.Collections.Concurrent;
using System.Security.Cryptography.X509Certificates;
using System.Text.Json;
using System.Text.Json.Nodes;
using Microsoft.IdentityModel.JsonWebTokens;
using Microsoft.IdentityModel.Tokens;
using Tunnel.Protocol.Trust;

namespace Tunnel.Edge.Identity.SignIn;

/// <summary>
/// Exchanges a code for an ID token and checks it (OpenID Connect Core 1.0, section 3.1.3): signed by a key of the
/// provider's, for this client, for this sign-in, not expired.
/// </summary>
internal sealed class OidcClient(HttpClient http, TimeProvider time)
{
    private static readonly TimeSpan s_keysKept = TimeSpan.FromMinutes(10);
    private static readonly TimeSpan s_keysRefetch = TimeSpan.FromSeconds(10);

    private static readonly string[] s_algorithms =
    [
        SecurityAlgorithms.RsaSha256, SecurityAlgorithms.RsaSha384, SecurityAlgorithms.RsaSha512,
        SecurityAlgorithms.RsaSsaPssSha256, SecurityAlgorithms.EcdsaSha256, SecurityAlgorithms.EcdsaSha384,
    ];

    private readonly ConcurrentDictionary<Uri, (JsonWebKeySet Keys, DateTimeOffset FetchedAt)> _keys = new();

    /// <summary>Asks providers within bounds of size and time, and follows no redirects.</summary>
    public static HttpClient CreateHttp(X509Certificate2Collection? authorities)
    {
        var handler = new SocketsHttpHandler
        {
            AllowAutoRedirect = false, UseCookies = false, PooledConnectionLifetime = TimeSpan.FromMinutes(5),
        };
        if (authorities is not null)
        {
            handler.SslOptions.CertificateChainPolicy = PrivateAuthorities.TrustOnly(authorities);
        }

        return new HttpClient(handler) { Timeout = TimeSpan.FromSeconds(15), MaxResponseContentBufferSize = 1024 * 1024 };
    }

    /// <exception cref="OidcException">The provider vouches for nobody.</exception>
    public async Task<OidcIdentity> RedeemAsync(
        OidcProvider provider, string code, string redirectAddress, string verifier, string nonce, CancellationToken cancellationToken)
    {
        using var form = new FormUrlEncodedContent(new Dictionary<string, string>
        {
            ["grant_type"] = "authorization_code",
            ["code"] = code,
            ["redirect_uri"] = redirectAddress,
            ["client_id"] = provider.ClientId,
            ["client_secret"] = provider.Record.ClientSecret ?? "",
            ["code_verifier"] = verifier,
        });
        using var answer = await FetchAsync(HttpMethod.Post, provider.TokenAddress, form, cancellationToken).ConfigureAwait(false);
        return answer.RootElement.ValueKind == JsonValueKind.Object && answer.RootElement.TryGetProperty("id_token", out var token)
            && token.ValueKind == JsonValueKind.String
            ? Read(provider, await CheckAsync(provider, token.GetString()!, nonce, cancellationToken).ConfigureAwait(false))
            : throw new OidcException("The provider gave no ID token.");
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
        // The settings of the API name no issuer: who signs with these keys, told over TLS by this address, is it.
        ValidateIssuer = false,
        LifetimeValidator = (notBefore, expires, _, _) =>
            expires > time.GetUtcNow().UtcDateTime.AddMinutes(-1) && !(notBefore > time.GetUtcNow().UtcDateTime.AddMinutes(1)),
    };

    private async Task<JsonWebKeySet> KeysAsync(OidcProvider provider, TimeSpan notOlder, CancellationToken cancellationToken)
    {
        var now = time.GetUtcNow();
        if (_keys.TryGetValue(provider.KeysAddress, out var known) && now - known.FetchedAt < notOlder)
        {
            return known.Keys;
        }

        using var answer = await FetchAsync(HttpMethod.Get, provider.KeysAddress, null, cancellationToken).ConfigureAwait(false);
        try
        {
            var keys = new JsonWebKeySet(answer.RootElement.GetRawText());
            _keys[provider.KeysAddress] = (keys, now);
            return keys;
        }
        catch (ArgumentException)
        {
            throw new OidcException("The provider's keys cannot be read.");
        }
    }

    private async Task<JsonDocument> FetchAsync(HttpMethod method, Uri address, HttpContent? content, CancellationToken cancellationToken)
    {
        using var request = new HttpRequestMessage(method, address) { Content = content };
        request.Headers.Accept.ParseAdd("application/json");
        try
        {
            using var response = await http.SendAsync(request, cancellationToken).ConfigureAwait(false);
            var body = await response.Content.ReadAsByteArrayAsync(cancellationToken).ConfigureAwait(false);
            return response.IsSuccessStatusCode ? JsonDocument.Parse(body)
                : throw new OidcException($"{address.Authority} answered {(int)response.StatusCode}{ErrorOf(body)}.");
        }
        catch (Exception e) when (e is HttpRequestException or JsonException
            || (e is OperationCanceledException && !cancellationToken.IsCancellationRequested))
        {
            throw new OidcException($"{address.Authority} cannot be asked: {e.Message}");
        }
    }

    /// <summary>The error's code (RFC 6749, section 5.2), which says what is set up wrongly.</summary>
    private static string ErrorOf(byte[] body)
    {
        try
        {
            using var json = JsonDocument.Parse(body);
            return json.RootElement.ValueKind == JsonValueKind.Object && json.RootElement.TryGetProperty("error", out var error)
                && error.ValueKind == JsonValueKind.String && error.GetString() is { Length: < 64 } code ? $" ({code})" : "";
        }
        catch (JsonException)
        {
            return "";
        }
    }

    private static OidcIdentity Read(OidcProvider provider, JsonWebToken token)
    {
        var claims = (JsonObject)JsonNode.Parse(Base64UrlEncoder.DecodeBytes(token.EncodedPayload))!;
        if (Text(claims, provider.EmailClaim) is not { Length: > 2 and <= 254 } email || email.Count(c => c == '@') != 1)
        {
            throw new OidcException($"The ID token has no mail address as '{provider.EmailClaim}'.");
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

    private static string? Text(JsonObject claims, string name) =>
        claims[name] is JsonValue value && value.GetValueKind() == JsonValueKind.String ? value.GetValue<string>() : null;
}
