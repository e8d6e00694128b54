using System.Security.Cryptography.X509Certificates;
using System.Text.Json;
using Tunnel.Access;
using Tunnel.Protocol.Tokens;
using Tunnel.Testing;

namespace Tunnel.EndToEnd.Tests;

/// <summary>The key that signs tokens is replaced, and nobody is signed out by it until the one before it retires.</summary>
public sealed class KeyRotationTests : IAsyncLifetime
{
    private const string Hostname = "people.example.test";
    private const int LetThrough = 530; // the tunnel is not connected

    private EdgeLab _lab = null!;

    public async ValueTask InitializeAsync()
    {
        _lab = await EdgeLab.StartAsync();
        await _lab.ProtectAsync(Hostname, EdgeLab.Policy(AccessDecision.Allow, new EmailDomainRule("example.com")));
        await _lab.AddTunnelAsync(Hostname);
    }

    public ValueTask DisposeAsync() => _lab.DisposeAsync();

    [Fact]
    public async Task A_token_outlives_its_key_by_one_rotation_and_not_by_two()
    {
        using var browser = new PersonBrowser(_lab);
        var token = await browser.SignInAsync(Hostname, "alice@example.com");

        await RotateAsync();
        Assert.Equal(LetThrough, (await browser.GetAsync($"https://{Hostname}/")).Status);
        Assert.Equal(2, (await KeysAsync()).Count);
        Assert.Contains(KeyOf(token), await KeysAsync());

        await RotateAsync();
        Assert.DoesNotContain(KeyOf(token), await KeysAsync());
        var refused = await browser.GetAsync($"https://{Hostname}/");
        Assert.Equal((302, "tunnel.cloudflareaccess.test"), (refused.Status, refused.Next!.Host));
        Assert.Equal(200, (await browser.FollowAsync(refused)).Status); // the organisation's token counts no more, either
    }

    [Fact]
    public async Task The_new_key_signs_from_then_on_and_after_a_restart()
    {
        using var browser = new PersonBrowser(_lab);
        await browser.SignInAsync(Hostname, "alice@example.com");
        await RotateAsync();
        await _lab.RestartEdgeAsync();

        var keys = await KeysAsync();
        using var other = new PersonBrowser(_lab);
        var token = await other.SignInAsync(Hostname, "bob@example.com");

        Assert.Equal(keys[0], KeyOf(token));
        Assert.Equal(LetThrough, (await browser.GetAsync($"https://{Hostname}/")).Status);
    }

    [Fact]
    public async Task The_keys_are_published_as_certificates_too()
    {
        await RotateAsync();
        using var client = _lab.Browser();
        var document = JsonElement.Parse(await client.GetStringAsync(new Uri($"https://{Hostname}/cdn-cgi/access/certs")));

        var certificates = document.GetProperty("public_certs").EnumerateArray().ToArray();
        Assert.Equal(document.GetProperty("keys").EnumerateArray().Select(k => k.GetProperty("kid").GetString()),
            certificates.Select(c => c.GetProperty("kid").GetString()));
        Assert.Equal(document.GetProperty("public_cert").GetRawText(), certificates[0].GetRawText());
        foreach (var certificate in certificates)
        {
            using var read = X509Certificate2.CreateFromPem(certificate.GetProperty("cert").GetString());
            Assert.Equal(2048, read.GetRSAPublicKey()!.KeySize);
        }
    }

    private static string KeyOf(string token) => TokenSigner.HeaderOf(token)["kid"]!.GetValue<string>();

    private async Task<IReadOnlyList<string>> KeysAsync()
    {
        using var client = _lab.Browser();
        return [.. AccessTokenKeys.Parse(await client.GetByteArrayAsync(new Uri($"https://{Hostname}/cdn-cgi/access/certs"))).Ids];
    }

    private async Task RotateAsync()
    {
        using var api = _lab.ApiHttp();
        using var response = await api.PostAsync(new Uri($"accounts/{_lab.Edge.AccountId}/access/keys/rotate", UriKind.Relative), null);
        Assert.True(response.IsSuccessStatusCode, await response.Content.ReadAsStringAsync());
    }
}
