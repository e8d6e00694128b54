using System.Net;
using System.Security.Cryptography;
using System.Text.Json.Nodes;
using Tunnel.Protocol.Ssh;

namespace Tunnel.Edge.Tests.Api.Access;

public sealed class SshAuthorityEndpointsTests : IAsyncLifetime
{
    private ApiHost _host = null!;
    private string _apps = null!;
    private ApiAnswer _app = null!;

    public async ValueTask InitializeAsync()
    {
        _host = await ApiHost.StartAsync();
        await _host.AddZoneAsync();
        _apps = $"accounts/{_host.Account}/access/apps";
        _app = await _host.PostAsync(_apps, new JsonObject { ["domain"] = "ssh.example.test", ["type"] = "ssh" });
    }

    public ValueTask DisposeAsync() => _host.DisposeAsync();

    private string Authority => $"{_apps}/{_app.Text("id")}/ca";

    [Fact]
    public async Task An_application_has_at_most_one_and_its_public_key_is_a_line_for_sshd()
    {
        (await _host.GetAsync(Authority)).AssertError(HttpStatusCode.NotFound, 11022);
        var made = await _host.PostAsync(Authority);
        Assert.Matches("^[0-9a-f]{48}$", made.Text("id"));
        Assert.Equal(_app.Text("aud"), made.Text("aud"));
        var key = SshPublicKey.Parse(made.Text("public_key"));
        Assert.Equal((SshPublicKey.EcdsaP256, "open-ssh-ca@tunnel.cloudflareaccess.test"), (key.Type, key.Comment));
        Assert.Equal(made.Result.ToJsonString(), (await _host.GetAsync(Authority)).Result.ToJsonString());
        Assert.Equal(made.Result.ToJsonString(), Assert.Single((await _host.GetAsync($"{_apps}/ca")).Result.AsArray())!.ToJsonString());
        (await _host.PostAsync(Authority)).AssertError(HttpStatusCode.Conflict, 11023);
    }

    [Fact]
    public async Task Its_private_key_stays_in_the_store()
    {
        var made = await _host.PostAsync(Authority);
        var stored = Assert.Single(_host.Store.SshAuthorities.List());
        using var key = ECDsa.Create();
        key.ImportPkcs8PrivateKey(stored.PrivateKey, out _);
        Assert.StartsWith(
            SshPublicKey.From(key.ExportParameters(false)).ToString(), made.Text("public_key"), StringComparison.Ordinal);
        Assert.DoesNotContain("PrivateKey", stored.ToString(), StringComparison.Ordinal);
        Assert.Equal(["id", "aud", "public_key"], made.Result.AsObject().Select(p => p.Key));
    }

    [Fact]
    public async Task It_goes_when_it_is_removed_and_with_its_application_and_never_comes_back()
    {
        var first = await _host.PostAsync(Authority);
        Assert.Equal(first.Text("id"), (await _host.DeleteAsync(Authority)).Text("id"));
        (await _host.DeleteAsync(Authority)).AssertError(HttpStatusCode.NotFound, 11022);
        var second = await _host.PostAsync(Authority);
        Assert.NotEqual(first.Text("public_key"), second.Text("public_key"));
        await _host.DeleteAsync($"{_apps}/{_app.Text("id")}");
        Assert.Empty(_host.Store.SshAuthorities.List());
        (await _host.PostAsync(Authority)).AssertError(HttpStatusCode.NotFound, 11021);
        (await _host.GetAsync(Authority)).AssertError(HttpStatusCode.NotFound, 11021);
    }
}
