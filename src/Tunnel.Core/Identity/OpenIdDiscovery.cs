using System.Net;
using System.Security.Cryptography.X509Certificates;
using System.Text.Json;
using Tunnel.Core.Api;
using Tunnel.Protocol.Trust;

namespace Tunnel.Core.Identity;

/// <summary>
/// Asks an OpenID provider where its endpoints are (OpenID Connect Discovery 1.0, section 4), within bounds of size and
/// time, and without following redirects.
/// </summary>
public sealed class OpenIdDiscovery : IDisposable
{
    /// <summary>What the settings call the issuer: ID tokens have to name it.</summary>
    public const string IssuerSetting = "issuer";

    /// <summary>What the settings call the provider's <c>userinfo_endpoint</c>.</summary>
    public const string UserInfoSetting = "userinfo_url";

    private const string Document = "/.well-known/openid-configuration";
    private const int MaxBytes = 256 * 1024;

    private readonly HttpClient _http;

    /// <param name="authorities">The only authorities that vouch for the provider; null: the system's.</param>
    /// <param name="timeout">How long to wait for it; null: 15 seconds.</param>
    public OpenIdDiscovery(X509Certificate2Collection? authorities = null, TimeSpan? timeout = null)
    {
#pragma warning disable CA2000 // HttpClient owns and disposes the handler.
        var handler = new SocketsHttpHandler { AllowAutoRedirect = false, UseCookies = false, MaxResponseHeadersLength = 64 };
#pragma warning restore CA2000
        if (authorities is not null)
        {
            handler.SslOptions.CertificateChainPolicy = PrivateAuthorities.TrustOnly(authorities);
        }

        _http = new HttpClient(handler, disposeHandler: true)
        {
            Timeout = timeout ?? TimeSpan.FromSeconds(15), MaxResponseContentBufferSize = MaxBytes,
        };
    }

    /// <summary>The settings with the provider's addresses and its issuer in place of those that are there.</summary>
    /// <param name="type">The type of the identity provider; only <c>oidc</c> has an issuer of its own.</param>
    /// <param name="issuer">The provider's issuer identifier: an https address, or one of this machine.</param>
    /// <param name="settings">What there is.</param>
    /// <param name="cancellationToken">Ends the waiting.</param>
    /// <exception cref="ArgumentException">The issuer is no such address, or the type has none.</exception>
    /// <exception cref="OpenIdDiscoveryException">The provider does not answer, or its answer cannot be used.</exception>
    public async Task<IdentityProviderConfig> FillAsync(
        string? type, string issuer, IdentityProviderConfig settings, CancellationToken cancellationToken)
    {
        ArgumentNullException.ThrowIfNull(settings);
        if (type != "oidc")
        {
            throw new ArgumentException($"An issuer is for identity providers of type oidc; this one is of type {type}.", nameof(type));
        }

        Uri root = ReadIssuer(issuer);
        var place = new Uri(issuer.TrimEnd('/') + Document);
        using JsonDocument json = await GetAsync(place, cancellationToken).ConfigureAwait(false);
        var answer = new DiscoveryDocument(place, root, json.RootElement);
        string named = answer.Issuer(issuer);
        var other = new Dictionary<string, JsonElement>(settings.Other ?? new Dictionary<string, JsonElement>(), StringComparer.Ordinal)
        {
            [IssuerSetting] = JsonElement.Parse($"\"{JsonEncodedText.Encode(named)}\""),
        };
        other.Remove(UserInfoSetting);
        if (answer.Address("userinfo_endpoint") is { } userInfo)
        {
            other[UserInfoSetting] = JsonElement.Parse($"\"{JsonEncodedText.Encode(userInfo)}\"");
        }

        return settings with
        {
            AuthUrl = answer.RequiredAddress("authorization_endpoint"),
            TokenUrl = answer.RequiredAddress("token_endpoint"),
            CertsUrl = answer.RequiredAddress("jwks_uri"),
            Other = other,
        };
    }

    public void Dispose() => _http.Dispose();

    private static Uri ReadIssuer(string issuer) =>
        Uri.TryCreate(issuer, UriKind.Absolute, out Uri? address) && DiscoveryDocument.IsProtected(address)
        && issuer.Length <= 2048 && address.UserInfo.Length == 0 && !issuer.Contains('?', StringComparison.Ordinal)
        && !issuer.Contains('#', StringComparison.Ordinal)
            ? address
            : throw new ArgumentException(
                $"'{issuer}' is no issuer: give an https address without a query, such as https://id.example.com.", nameof(issuer));

    private async Task<JsonDocument> GetAsync(Uri place, CancellationToken cancellationToken)
    {
        try
        {
            using var request = new HttpRequestMessage(HttpMethod.Get, place);
            request.Headers.Accept.ParseAdd("application/json");
            using HttpResponseMessage response = await _http.SendAsync(request, cancellationToken).ConfigureAwait(false);
            if (response.StatusCode != HttpStatusCode.OK)
            {
                throw new OpenIdDiscoveryException(
                    $"{place} answered {(int)response.StatusCode}. Check the issuer, or give -AuthUrl, -TokenUrl and -CertsUrl instead of it.");
            }

            return JsonDocument.Parse(await response.Content.ReadAsByteArrayAsync(cancellationToken).ConfigureAwait(false));
        }
        catch (JsonException e)
        {
            throw new OpenIdDiscoveryException($"{place} gave no JSON. Check the issuer with the provider's documentation.", e);
        }
        catch (Exception e) when (e is HttpRequestException || (e is OperationCanceledException && !cancellationToken.IsCancellationRequested))
        {
            throw new OpenIdDiscoveryException($"{place} cannot be asked: {e.Message} Check the issuer and the network, then try again.", e);
        }
    }
}
