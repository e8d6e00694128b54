using System.Net.Http.Headers;
using System.Security.Cryptography.X509Certificates;
using System.Text.Json;
using Tunnel.Protocol.Trust;

namespace Tunnel.Edge.Identity.SignIn;

/// <summary>Asks providers, within bounds of size and time, and follows no redirects.</summary>
internal sealed class ProviderHttp(HttpClient http)
{
    public static HttpClient Create(X509Certificate2Collection? authorities)
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

    /// <exception cref="OidcException">There is no answer, or it is none.</exception>
    public Task<JsonDocument> PostAsync(Uri address, IReadOnlyDictionary<string, string> form, CancellationToken cancellationToken) =>
        SendAsync(HttpMethod.Post, address, form, token: null, cancellationToken);

    /// <exception cref="OidcException">There is no answer, or it is none.</exception>
    public Task<JsonDocument> GetAsync(Uri address, string? token, CancellationToken cancellationToken) =>
        SendAsync(HttpMethod.Get, address, form: null, token, cancellationToken);

    private async Task<JsonDocument> SendAsync(
        HttpMethod method, Uri address, IReadOnlyDictionary<string, string>? form, string? token, CancellationToken cancellationToken)
    {
        using var request = new HttpRequestMessage(method, address);
        request.Content = form is null ? null : new FormUrlEncodedContent(form);
        request.Headers.Accept.ParseAdd("application/json");
        // GitHub answers nobody without one.
        request.Headers.UserAgent.ParseAdd("tunnel-edge");
        request.Headers.Authorization = token is null ? null : new AuthenticationHeaderValue("Bearer", token);
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
    public static string ErrorOf(JsonElement answer) =>
        answer.ValueKind == JsonValueKind.Object && answer.TryGetProperty("error", out var error)
        && error.ValueKind == JsonValueKind.String && error.GetString() is { Length: < 64 } code ? $" ({code})" : "";

    private static string ErrorOf(byte[] body)
    {
        try
        {
            using var json = JsonDocument.Parse(body);
            return ErrorOf(json.RootElement);
        }
        catch (JsonException)
        {
            return "";
        }
    }
}
