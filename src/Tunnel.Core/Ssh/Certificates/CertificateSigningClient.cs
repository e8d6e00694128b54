using System.Buffers.Text;
using System.Net.Http.Headers;
using System.Text.Json;
using Tunnel.Core.Client;
using Tunnel.Core.Client.SignIn;
using Tunnel.Protocol.Ssh;

namespace Tunnel.Core.Ssh.Certificates;

/// <summary>Has keys certified: <c>POST ISSUER/cdn-cgi/access/cert_sign</c> (cloudflared <c>sshgen/sshgen.go</c>).</summary>
internal sealed class CertificateSigningClient(AccessClientOptions options)
{
    private const int MaxAnswer = 64 * 1024;
    private const int MaxMessage = 300;

    private static readonly TimeSpan s_timeout = TimeSpan.FromSeconds(20);

    /// <param name="token">The application's token; it goes to the team that it names as its issuer.</param>
    /// <param name="publicKey">The line of the key.</param>
    /// <exception cref="SshCertificateException">There is none, or what came is none for this key.</exception>
    public async Task<SshCertificate> SignAsync(string token, SshPublicKey publicKey, CancellationToken cancellationToken)
    {
        var issuer = IssuerOf(token);
        using var http = CreateHttp();
        using var request = new HttpRequestMessage(
            HttpMethod.Post, new UriBuilder("https", issuer.Host, Port(issuer), "/cdn-cgi/access/cert_sign").Uri)
        {
            Content = Body(token, publicKey, issuer),
        };
        request.Headers.UserAgent.ParseAdd(options.UserAgent);
        try
        {
            using var response = await http.SendAsync(request, cancellationToken).ConfigureAwait(false);
            var answer = await response.Content.ReadAsByteArrayAsync(cancellationToken).ConfigureAwait(false);
            return response.IsSuccessStatusCode ? Read(answer, publicKey) : throw Refused((int)response.StatusCode, answer);
        }
        catch (HttpRequestException error)
        {
            throw new SshCertificateException($"{issuer.Host}, which signs certificates, cannot be reached: {error.Message}", error);
        }
        catch (OperationCanceledException error) when (!cancellationToken.IsCancellationRequested)
        {
            throw new SshCertificateException($"{issuer.Host}, which signs certificates, does not answer.", error);
        }
    }

    private static ByteArrayContent Body(string token, SshPublicKey publicKey, Uri issuer)
    {
        using var body = new MemoryStream();
        using (var writer = new Utf8JsonWriter(body))
        {
            writer.WriteStartObject();
            writer.WriteString("public_key", publicKey + "\n");
            writer.WriteString("jwt", token);
            writer.WriteString("issuer", issuer.GetLeftPart(UriPartial.Authority));
            writer.WriteEndObject();
        }

        return new ByteArrayContent(body.ToArray()) { Headers = { ContentType = new MediaTypeHeaderValue("application/json") } };
    }

    /// <summary>The team that issued the token. It is not checked: whoever is asked does that.</summary>
    private static Uri IssuerOf(string token)
    {
        try
        {
            var parts = token.Split('.');
            using var claims = JsonDocument.Parse(Base64Url.DecodeFromChars(parts.Length == 3 ? parts[1] : ""));
            if (claims.RootElement.TryGetProperty("iss", out var value) && value.GetString() is { } text
                && Uri.TryCreate(text, UriKind.Absolute, out var issuer) && issuer.Scheme == Uri.UriSchemeHttps
                && issuer is { UserInfo: "", PathAndQuery: "/" })
            {
                return issuer;
            }
        }
        catch (Exception error) when (error is JsonException or FormatException or InvalidOperationException)
        {
            // Falls through: the exception's message could hold a piece of the token.
        }

        throw new SshCertificateException("The application's token does not say who issued it. Sign in again.");
    }

    /// <summary>An edge of one's own has its team where it has its applications.</summary>
    private int Port(Uri issuer) => issuer.IsDefaultPort ? SignInLink.PortOf(issuer.Host, options.Address.Port) : issuer.Port;

    private HttpClient CreateHttp()
    {
        // An edge that serves the application at another address serves its team there too.
        var http = TeamHttp.Create(options);
        http.Timeout = s_timeout;
        http.MaxResponseContentBufferSize = MaxAnswer;
        return http;
    }

    private static SshCertificate Read(byte[] answer, SshPublicKey publicKey)
    {
        try
        {
            using var json = JsonDocument.Parse(answer);
            var certificate = SshCertificate.Parse(json.RootElement.GetProperty("certificate").GetString() ?? "");
            return certificate.Content.Key.Fingerprint == publicKey.Fingerprint
                ? certificate
                : throw new SshCertificateException("What came is a certificate of another key.");
        }
        catch (Exception error) when (error is JsonException or InvalidOperationException or KeyNotFoundException or FormatException)
        {
            throw new SshCertificateException("What came is no SSH certificate: " + error.Message, error);
        }
    }

    private static SshCertificateException Refused(int status, byte[] answer)
    {
        var said = "";
        try
        {
            using var json = JsonDocument.Parse(answer);
            said = json.RootElement.GetProperty("message").GetString() ?? "";
        }
        catch (Exception error) when (error is JsonException or InvalidOperationException or KeyNotFoundException)
        {
            // Cloudflare answers in plain text where the token has expired (cloudflared issue 1271).
        }

        said = string.Concat(said.Take(MaxMessage).Select(c => char.IsControl(c) ? ' ' : c));
        said = said.Length == 0 ? "" : " It said: " + said;
        return new SshCertificateException(status switch
        {
            401 => "The sign-in is not valid any more; sign in again." + said,
            403 => "No certificate for this visitor (403)." + said,
            404 => "The application signs no certificates (404). Make its authority with New-SshCertificateAuthority." + said,
            _ => $"The certificate was not signed (status {status})." + said,
        }) { StatusCode = status };
    }
}
