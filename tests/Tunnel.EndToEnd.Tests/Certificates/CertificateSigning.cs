using System.Security.Cryptography;
using System.Text;
using System.Text.Json.Nodes;
using Tunnel.Access;
using Tunnel.Core.Api;
using Tunnel.Protocol.Ssh;
using Tunnel.Testing;

namespace Tunnel.EndToEnd.Tests.Certificates;

/// <summary>An application with an SSH authority, and what asks it for certificates.</summary>
public abstract class CertificateSigning : IAsyncLifetime
{
    private protected const string Hostname = "ssh.example.test";
    private protected const string Other = "other.example.test";
    private protected const string Team = "tunnel.cloudflareaccess.test";
    private protected const string Alice = "alice@example.com";

    private protected readonly ShiftedTime _time = new();
    private protected EdgeLab _lab = null!;
    private protected AccessApplication _application = null!;
    private protected SshAuthority _authority = null!;

    private protected string Account => _lab.Edge.AccountId;

    public async ValueTask InitializeAsync()
    {
        _lab = await EdgeLab.StartAsync(_time);
        _application = await _lab.ProtectAsync(Hostname,
            EdgeLab.Policy(AccessDecision.Allow, new EmailDomainRule("example.com")),
            EdgeLab.Policy(AccessDecision.NonIdentity, new AnyValidServiceTokenRule()));
        _authority = await _lab.Api.SshAuthorities.CreateAsync(Account, _application.Id);
    }

    public async ValueTask DisposeAsync()
    {
        if (_lab is not null)
        {
            await _lab.DisposeAsync();
        }

        GC.SuppressFinalize(this);
    }

    private protected static string PublicKey { get; } = MakeKey();

    private protected static string MakeKey()
    {
        using var key = ECDsa.Create(ECCurve.NamedCurves.nistP256);
        return SshPublicKey.From(key.ExportParameters(includePrivateParameters: false)).ToString();
    }

    private protected async Task<string> SignInAsync(string hostname = Hostname)
    {
        using var browser = new PersonBrowser(_lab);
        return await browser.SignInAsync(hostname, Alice);
    }

    private protected Task<(int Status, JsonObject Answer)> SignAsync(string token, string? key = null) => PostAsync(new JsonObject
    {
        ["public_key"] = (key ?? PublicKey) + "\n", ["jwt"] = token, ["issuer"] = "https://" + Team,
    }.ToJsonString(), "application/json");

    private protected async Task<(int Status, JsonObject Answer)> PostAsync(string body, string type)
    {
        using var http = _lab.Browser();
        using var content = new StringContent(body, Encoding.UTF8, type);
        using var response = await http.PostAsync(new Uri($"https://{Team}/cdn-cgi/access/cert_sign"), content);
        Assert.Equal("application/json", response.Content.Headers.ContentType!.MediaType);
        Assert.True(response.Headers.CacheControl!.NoStore);
        return ((int)response.StatusCode, (JsonObject)JsonNode.Parse(await response.Content.ReadAsStringAsync())!);
    }

    private protected static void AssertRefused(int status, string says, (int Status, JsonObject Answer) answer)
    {
        Assert.Equal((status, status), (answer.Status, answer.Answer["status"]!.GetValue<int>()));
        Assert.Contains(says, answer.Answer["message"]!.GetValue<string>(), StringComparison.Ordinal);
        Assert.False(answer.Answer.ContainsKey("certificate"));
    }

    private protected sealed class ShiftedTime : TimeProvider
    {
        public TimeSpan By { get; set; }

        public override DateTimeOffset GetUtcNow() => base.GetUtcNow() + By;
    }
}
