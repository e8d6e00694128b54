using System.Net;
using System.Text.Json.Nodes;

namespace Tunnel.Edge.Tests.Api.Access;

public sealed class IdentityProviderEndpointsTests : IAsyncLifetime
{
    private const string Secret = "a-client-secret-that-nobody-sees";

    private ApiHost _host = null!;
    private string _providers = null!;

    public async ValueTask InitializeAsync()
    {
        _host = await ApiHost.StartAsync();
        _providers = $"accounts/{_host.Account}/access/identity_providers";
    }

    public ValueTask DisposeAsync() => _host.DisposeAsync();

    [Fact]
    public async Task An_account_starts_with_a_one_time_PIN_and_never_has_two()
    {
        var listed = await _host.GetAsync(_providers);
        var only = Assert.Single(listed.Result.AsArray())!;
        Assert.Equal("onetimepin", only["type"]!.GetValue<string>());
        Assert.Equal("https://tunnel.cloudflareaccess.test/cdn-cgi/access/callback", only["config"]!["redirect_url"]!.GetValue<string>());
        Assert.Equal(200, listed.ResultInfo["per_page"]!.GetValue<int>());

        var second = new JsonObject { ["name"] = "PIN", ["type"] = "onetimepin", ["config"] = new JsonObject() };
        (await _host.PostAsync(_providers, second)).AssertError(HttpStatusCode.Conflict, 11002);
        var one = $"{_providers}/{only["id"]!.GetValue<string>()}";
        Assert.Equal("PIN", (await _host.PutAsync(one, second)).Text("name"));
        Assert.Equal(HttpStatusCode.Accepted, (await _host.DeleteAsync(one)).Status);
        Assert.Equal(HttpStatusCode.Created, (await _host.PostAsync(_providers, second)).Status);
    }

    [Fact]
    public async Task A_client_secret_is_kept_for_the_edge_and_never_answered()
    {
        var made = await _host.PostAsync(_providers, Oidc());
        var one = $"{_providers}/{made.Text("id")}";
        foreach (var answer in (ApiAnswer[])
            [made, await _host.GetAsync(one), await _host.GetAsync(_providers), await _host.PutAsync(one, Oidc(secret: null))])
        {
            Assert.DoesNotContain(Secret, answer.Envelope.ToJsonString(), StringComparison.Ordinal);
            Assert.DoesNotContain("client_secret", answer.Envelope.ToJsonString(), StringComparison.Ordinal);
        }

        var stored = Stored(made);
        Assert.Equal(Secret, stored.ClientSecret);
        Assert.DoesNotContain(Secret, stored.ToString(), StringComparison.Ordinal);
        Assert.DoesNotContain(Secret, stored.Config, StringComparison.Ordinal);
        await _host.PutAsync(one, Oidc(secret: "another"));
        Assert.Equal("another", Stored(made).ClientSecret);
    }

    [Fact]
    public async Task Whoever_does_not_know_the_secret_cannot_have_it_sent_elsewhere()
    {
        var made = await _host.PostAsync(_providers, Oidc());
        var moved = Oidc(secret: null);
        moved["config"]!["token_url"] = "https://thief.example/token";
        (await _host.PutAsync($"{_providers}/{made.Text("id")}", moved)).AssertError(HttpStatusCode.BadRequest, 12130);
        Assert.Equal(Secret, Stored(made).ClientSecret);
        moved["config"]!["client_secret"] = "new";
        Assert.Equal("new", (await _host.PutAsync($"{_providers}/{made.Text("id")}", moved)) is { Success: true } ? Stored(made).ClientSecret : "");
    }

    [Fact]
    public async Task What_the_edge_does_not_know_comes_back_as_it_was_written()
    {
        var body = Oidc();
        body["future"] = new JsonArray(1, 2);
        body["config"]!["conditional_thing"] = true;
        var made = await _host.PostAsync(_providers, body);
        Assert.Equal("[1,2]", made.Result["future"]!.ToJsonString());
        Assert.True(made.Result["config"]!["conditional_thing"]!.GetValue<bool>());
        Assert.Equal("""["openid","email"]""", made.Result["config"]!["scopes"]!.ToJsonString());
        Assert.NotEqual(made.Text("version"), (await ChangeLaterAsync(made, body)).Text("version"));
    }

    [Fact]
    public async Task It_can_be_removed_and_is_unknown_then()
    {
        var made = await _host.PostAsync(_providers, Oidc());
        var one = $"{_providers}/{made.Text("id")}";
        Assert.Equal(made.Text("id"), (await _host.DeleteAsync(one)).Text("id"));
        (await _host.DeleteAsync(one)).AssertError(HttpStatusCode.NotFound, 11001);
        (await _host.GetAsync(one)).AssertError(HttpStatusCode.NotFound, 11001);
        (await _host.PutAsync(one, Oidc())).AssertError(HttpStatusCode.NotFound, 11001);
        Assert.Single(_host.Store.Snapshot.IdentityProviders);
    }

    [Theory]
    [InlineData("""{"name":"a","type":"onetimepin2","config":{}}""")]
    [InlineData("""{"name":"","type":"onetimepin","config":{}}""")]
    [InlineData("""{"name":"a","type":"github"}""")]
    [InlineData("""{"name":"a","type":"github","config":{"client_id":"x"}}""")]
    [InlineData("""{"name":"a","type":"github","config":{"client_secret":"x"}}""")]
    [InlineData("""{"name":"a","type":"okta","config":{"client_id":"x","client_secret":"y"}}""")]
    [InlineData("""{"name":"a","type":"oidc","config":{"client_id":"x","client_secret":"y","auth_url":"http://idp.example/a","token_url":"https://idp.example/t","certs_url":"https://idp.example/c"}}""")]
    [InlineData("""{"name":"a","type":"oidc","config":{"client_id":"x","client_secret":"y","auth_url":"https://idp.example/a","token_url":"https://u:p@idp.example/t","certs_url":"https://idp.example/c"}}""")]
    [InlineData("""{"name":"a","type":"oidc","config":{"client_id":"x","client_secret":"y","auth_url":"https://idp.example/a","token_url":"https://idp.example/t","certs_url":"https://idp.example/c","issuer":"idp.example"}}""")]
    [InlineData("""{"name":"a","type":"oidc","config":{"client_id":"x","client_secret":"y","auth_url":"https://idp.example/a","token_url":"https://idp.example/t","certs_url":"https://idp.example/c","userinfo_url":"http://idp.example/u"}}""")]
    [InlineData("""{"name":"a","type":"github","config":{"client_id":"x","client_secret":"y"},"scim_config":{"enabled":true}}""")]
    [InlineData("""{"name":"a","type":"google","config":{"client_id":"x","client_secret":"y","claims":"email"}}""")]
    public async Task A_senseless_provider_is_refused(string body) =>
        (await _host.SendAsync(HttpMethod.Post, _providers, body)).AssertError(HttpStatusCode.BadRequest, 12130);

    private static JsonObject Oidc(string? secret = Secret)
    {
        var config = new JsonObject
        {
            ["client_id"] = "tunnel",
            ["auth_url"] = "https://idp.example/auth",
            ["token_url"] = "https://idp.example/token",
            ["certs_url"] = "https://idp.example/certs",
            ["scopes"] = new JsonArray("openid", "email"),
        };
        if (secret is not null)
        {
            config["client_secret"] = secret;
        }

        return new JsonObject { ["name"] = "Company", ["type"] = "oidc", ["config"] = config };
    }

    private Tunnel.Edge.Store.IdentityProviderRecord Stored(ApiAnswer answer) =>
        _host.Store.Snapshot.IdentityProviders.Single(p => p.Id == Guid.Parse(answer.Text("id")));

    private Task<ApiAnswer> ChangeLaterAsync(ApiAnswer made, JsonObject body)
    {
        _host.Time.Advance(TimeSpan.FromSeconds(1));
        return _host.PutAsync($"{_providers}/{made.Text("id")}", body);
    }
}
