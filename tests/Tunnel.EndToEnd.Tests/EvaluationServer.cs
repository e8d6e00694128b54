using System.Net;
using System.Security.Cryptography;
using System.Security.Cryptography.X509Certificates;
using System.Text.Json;
using System.Text.Json.Nodes;
using Microsoft.AspNetCore.Builder;
using Microsoft.AspNetCore.Hosting;
using Microsoft.AspNetCore.Http;
using Microsoft.Extensions.Logging;
using Microsoft.IdentityModel.JsonWebTokens;
using Microsoft.IdentityModel.Tokens;

namespace Tunnel.EndToEnd.Tests;

/// <summary>
/// An endpoint of the account's owner on loopback, over HTTPS, with a key of its own: judges visitors as Cloudflare's
/// example of an external evaluation does, or answers what the test says.
/// </summary>
internal sealed class EvaluationServer : IAsyncDisposable
{
    private readonly WebApplication _application;
    private readonly List<JsonElement> _questions = [];
    private readonly List<string> _tokens = [];

    private EvaluationServer(WebApplication application, X509Certificate2 certificate) =>
        (_application, Certificate) = (application, certificate);

    public X509Certificate2 Certificate { get; }

    /// <summary>The key whose public half is at <see cref="KeysUrl"/>.</summary>
    public RsaSecurityKey Key { get; set; } = new(RSA.Create(2048)) { KeyId = "one" };

    public string EvaluateUrl => _application.Urls.Single() + "/evaluate";

    public string KeysUrl => _application.Urls.Single() + "/keys";

    /// <summary>What it thinks of a visitor, given the identity.</summary>
    public Func<JsonElement, bool> Judge { get; set; } = _ => true;

    /// <summary>Answers in the place of <see cref="Judge"/>, given the question's claims.</summary>
    public Func<HttpContext, JsonElement, Task>? Answer { get; set; }

    /// <summary>The claims of each question.</summary>
    public IReadOnlyList<JsonElement> Questions
    {
        get
        {
            lock (_questions)
            {
                return [.. _questions];
            }
        }
    }

    /// <summary>The questions' tokens.</summary>
    public IReadOnlyList<string> Tokens
    {
        get
        {
            lock (_questions)
            {
                return [.. _tokens];
            }
        }
    }

    public static async Task<EvaluationServer> StartAsync()
    {
        var certificate = CreateCertificate();
        var builder = WebApplication.CreateSlimBuilder();
        builder.Logging.ClearProviders();
        builder.WebHost.ConfigureKestrel(kestrel => kestrel.Listen(IPAddress.Loopback, 0, listen => listen.UseHttps(certificate)));
        var application = builder.Build();
        var server = new EvaluationServer(application, certificate);
        application.Run(context => context.Request.Path.Value == "/keys" ? server.ServeKeysAsync(context) : server.EvaluateAsync(context));
        await application.StartAsync();
        return server;
    }

    public async ValueTask DisposeAsync()
    {
        await _application.StopAsync();
        await _application.DisposeAsync();
        Certificate.Dispose();
    }

    public static Task WriteAsync(HttpContext context, string json)
    {
        context.Response.ContentType = "application/json";
        return context.Response.WriteAsync(json);
    }

    /// <summary>The answer to a question, with what the test changes in it.</summary>
    public string Sign(JsonElement question, Action<JsonObject>? change = null, SecurityKey? key = null, string algorithm = "RS256")
    {
        var now = DateTimeOffset.UtcNow.ToUnixTimeSeconds();
        var claims = new JsonObject
        {
            ["success"] = true, ["iat"] = now, ["exp"] = now + 60, ["nonce"] = question.GetProperty("nonce").GetString(),
        };
        change?.Invoke(claims);
        var token = new JsonWebTokenHandler { SetDefaultTimesOnTokenCreation = false }
            .CreateToken(claims.ToJsonString(), new SigningCredentials(key ?? Key, algorithm));
        return new JsonObject { ["token"] = token }.ToJsonString();
    }

    private Task ServeKeysAsync(HttpContext context)
    {
        var key = JsonWebKeyConverter.ConvertFromRSASecurityKey(new RsaSecurityKey(Key.Rsa.ExportParameters(false)) { KeyId = Key.KeyId });
        return WriteAsync(context, new JsonObject
        {
            ["keys"] = new JsonArray(new JsonObject { ["kty"] = "RSA", ["kid"] = key.Kid, ["n"] = key.N, ["e"] = key.E }),
        }.ToJsonString());
    }

    private async Task EvaluateAsync(HttpContext context)
    {
        using var body = await JsonDocument.ParseAsync(context.Request.Body);
        var token = body.RootElement.GetProperty("token").GetString()!;
        var claims = JsonElement.Parse(Base64UrlEncoder.Decode(token.Split('.')[1]));
        lock (_questions)
        {
            _questions.Add(claims);
            _tokens.Add(token);
        }

        await (Answer?.Invoke(context, claims)
            ?? WriteAsync(context, Sign(claims, c => c["success"] = Judge(claims.GetProperty("identity")))));
    }

    private static X509Certificate2 CreateCertificate()
    {
        using var key = ECDsa.Create(ECCurve.NamedCurves.nistP256);
        var request = new CertificateRequest("CN=evaluation", key, HashAlgorithmName.SHA256);
        var names = new SubjectAlternativeNameBuilder();
        names.AddIpAddress(IPAddress.Loopback);
        request.CertificateExtensions.Add(names.Build());
        return request.CreateSelfSigned(DateTimeOffset.UtcNow.AddDays(-1), DateTimeOffset.UtcNow.AddDays(1));
    }
}
