using System.Collections.Concurrent;
using System.Net;
using System.Security.Cryptography;
using System.Security.Cryptography.X509Certificates;
using System.Text.Json.Nodes;
using Microsoft.AspNetCore.Builder;
using Microsoft.AspNetCore.Hosting;
using Microsoft.AspNetCore.Http;
using Microsoft.Extensions.Logging;
using Tunnel.Protocol.Tokens;
using Tunnel.Testing;

namespace Tunnel.Agent.Tests.Access;

/// <summary>
/// An application at https://localhost that is its own team, and another host, https://127.0.0.1, to which it redirects:
/// what each was shown.
/// </summary>
internal sealed class LoneApplication : IAsyncDisposable
{
    private const string Audience = "737646a56ab1df6ec9bddc7e5ca84eaf3b0768850f3ffb5d74f1534911fe3893";

    private readonly WebApplication _application;
    private readonly TokenSigner _key = new("key-1");
    private readonly TemporaryDirectory _directory = new();

    private LoneApplication()
    {
        var certificate = CreateCertificate();
        File.WriteAllText(Authority, certificate.ExportCertificatePem());
        Token = Sign(new JsonObject
        {
            ["aud"] = new JsonArray(Audience), ["iss"] = "https://localhost", ["type"] = "app", ["email"] = "alice@example.com",
            ["exp"] = DateTimeOffset.UtcNow.AddHours(1).ToUnixTimeSeconds(),
        });
        var builder = WebApplication.CreateSlimBuilder();
        builder.Logging.ClearProviders();
        builder.WebHost.UseKestrelHttpsConfiguration();
        builder.WebHost.ConfigureKestrel(kestrel => kestrel.Listen(IPAddress.Loopback, 0, listen => listen.UseHttps(certificate)));
        _application = builder.Build();
        _application.Run(ServeAsync);
    }

    /// <summary>The person's token for it.</summary>
    public string Token { get; }

    /// <summary>Whether there is an application of Access at all.</summary>
    public bool IsProtected { get; set; } = true;

    /// <summary>Each request of curl's: which host, and whether the token came as a header, a cookie, or not at all.</summary>
    public ConcurrentQueue<string> Seen { get; } = [];

    public int Port => new Uri(_application.Urls.First()).Port;

    public string Authority => _directory.File("authority.pem");

    public Dictionary<string, string> Environment => new()
    {
        ["HOME"] = _directory.FullName, ["TUNNEL_CACERT"] = Authority, ["CURL_CA_BUNDLE"] = Authority, ["DISPLAY"] = "", ["WAYLAND_DISPLAY"] = "",
    };

    public static async Task<LoneApplication> StartAsync()
    {
        var application = new LoneApplication();
        await application._application.StartAsync(TestContext.Current.CancellationToken);
        return application;
    }

    /// <summary>As if the person had signed in.</summary>
    public void KeepToken()
    {
        var folder = Directory.CreateDirectory(_directory.File(".cloudflared"), (UnixFileMode)Convert.ToInt32("700", 8)).FullName;
        var file = Path.Combine(folder, $"localhost-{Audience}-token");
        File.WriteAllText(file, Token);
        File.SetUnixFileMode(file, UnixFileMode.UserRead | UnixFileMode.UserWrite);
    }

    public void Write(string name, string text) => File.WriteAllText(_directory.File(name), text);

    public async ValueTask DisposeAsync()
    {
        await _application.DisposeAsync();
        _key.Dispose();
        _directory.Dispose();
    }

    private string Sign(JsonObject claims) => _key.Sign(claims);

    private async Task ServeAsync(HttpContext context)
    {
        var (request, response) = (context.Request, context.Response);
        if (request.Path == "/cdn-cgi/access/certs")
        {
            await response.Body.WriteAsync(new AccessTokenKeys([_key.PublicKey]).ToJson());
        }
        else if (request.Headers["cf-access-metadata-request"] == "true")
        {
            if (IsProtected)
            {
                response.Headers["cf-access-metadata"] = Sign(new JsonObject
                {
                    ["type"] = "match", ["aud"] = Audience, ["auth_domain"] = "localhost", ["hostname"] = "localhost", ["app_hostname"] = "localhost",
                    ["iat"] = DateTimeOffset.UtcNow.ToUnixTimeSeconds(),
                });
            }
        }
        else if (request.Headers.UserAgent.ToString().StartsWith("curl/", StringComparison.Ordinal))
        {
            Seen.Enqueue($"{request.Host.Host} {(request.Headers["cf-access-token"] == Token ? "header"
                : request.Cookies["CF_Authorization"] == Token ? "cookie"
                : request.Headers.Any(header => header.Value.ToString().Contains(Token, StringComparison.Ordinal)) ? "other" : "nothing")}");
            if (request.Path == "/away")
            {
                response.Redirect($"https://127.0.0.1:{Port}/there");
            }
        }
    }

    private static X509Certificate2 CreateCertificate()
    {
        using var key = ECDsa.Create(ECCurve.NamedCurves.nistP256);
        var request = new CertificateRequest("CN=localhost", key, HashAlgorithmName.SHA256);
        var names = new SubjectAlternativeNameBuilder();
        names.AddDnsName("localhost");
        names.AddIpAddress(IPAddress.Loopback);
        request.CertificateExtensions.Add(names.Build());
        using var certificate = request.CreateSelfSigned(DateTimeOffset.UtcNow.AddHours(-1), DateTimeOffset.UtcNow.AddHours(1));
        return X509CertificateLoader.LoadPkcs12(certificate.Export(X509ContentType.Pkcs12), null);
    }
}
