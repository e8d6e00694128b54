using System.Net;
using System.Text.Json.Nodes;

namespace Tunnel.Edge.Tests.Api.Access;

public sealed class ServiceTokenEndpointsTests : IAsyncLifetime
{
    private ApiHost _host = null!;
    private string _tokens = null!;

    public async ValueTask InitializeAsync()
    {
        _host = await ApiHost.StartAsync();
        _tokens = $"accounts/{_host.Account}/access/service_tokens";
    }

    public ValueTask DisposeAsync() => _host.DisposeAsync();

    [Fact]
    public async Task The_secret_is_shown_once()
    {
        var made = await _host.PostAsync(_tokens, new JsonObject { ["name"] = "backup" });
        Assert.Equal(HttpStatusCode.Created, made.Status);
        Assert.Matches("^[0-9a-f]{32}\\.access$", made.Text("client_id"));
        Assert.Matches("^[0-9a-f]{64}$", made.Text("client_secret"));
        Assert.Equal(("8760h", "2027-03-04T05:06:07.000000Z"), (made.Text("duration"), made.Text("expires_at")));
        foreach (var path in (string[])[_tokens, $"{_tokens}/{made.Text("id")}"])
        {
            Assert.DoesNotContain(
                made.Text("client_secret"), (await _host.GetAsync(path)).Envelope.ToJsonString(), StringComparison.Ordinal);
        }

        var stored = _host.Store.Snapshot.ServiceTokens[made.Text("client_id")];
        Assert.True(stored.Accepts(made.Text("client_secret"), _host.Time.GetUtcNow()));
        Assert.False(stored.Accepts(made.Text("client_secret"), _host.Time.GetUtcNow().AddHours(8760)));
    }

    [Fact]
    public async Task A_token_can_last_forever_or_as_long_as_said()
    {
        var forever = await _host.PostAsync(_tokens, new JsonObject { ["name"] = "a", ["duration"] = "forever" });
        Assert.Null(forever.Result["expires_at"]);
        var hour = await _host.PostAsync(_tokens, new JsonObject { ["name"] = "b", ["duration"] = "1h" });
        Assert.Equal("2026-03-04T06:06:07.000000Z", hour.Text("expires_at"));
        var one = $"{_tokens}/{hour.Text("id")}";
        _host.Time.Advance(TimeSpan.FromMinutes(30));
        var renamed = await _host.PutAsync(one, new JsonObject { ["name"] = "c" });
        Assert.Equal(("c", "2026-03-04T06:06:07.000000Z"), (renamed.Text("name"), renamed.Text("expires_at")));
        Assert.Equal("2026-03-04T06:36:07.000000Z", (await _host.PostAsync($"{one}/refresh")).Text("expires_at"));
        Assert.Equal("2026-03-04T07:36:07.000000Z", (await _host.PutAsync(one, new JsonObject { ["duration"] = "2h" })).Text("expires_at"));
    }

    [Fact]
    public async Task Rotation_ends_the_old_secret_at_once_or_after_a_grace()
    {
        var made = await _host.PostAsync(_tokens, new JsonObject { ["name"] = "backup" });
        var one = $"{_tokens}/{made.Text("id")}";
        var second = await _host.PostAsync($"{one}/rotate");
        Assert.Equal(made.Text("client_id"), second.Text("client_id"));
        Assert.False(Accepts(made, made));
        Assert.True(Accepts(made, second));
        var third = await _host.PostAsync($"{one}/rotate", new JsonObject
        {
            ["previous_client_secret_expires_at"] = "2026-03-04T05:10:00Z",
        });
        Assert.True(Accepts(made, second) && Accepts(made, third));
        _host.Time.Advance(TimeSpan.FromMinutes(5));
        Assert.False(Accepts(made, second));
        Assert.True(Accepts(made, third));
    }

    [Fact]
    public async Task A_disabled_token_is_kept_and_refused()
    {
        var made = await _host.PostAsync(_tokens, new JsonObject { ["name"] = "backup" });
        var changed = await _host.PutAsync($"{_tokens}/{made.Text("id")}", new JsonObject { ["enabled"] = false });
        Assert.False(changed.Result["enabled"]!.GetValue<bool>());
        Assert.False(Accepts(made, made));
    }

    [Fact]
    public async Task A_token_that_a_policy_names_cannot_be_removed()
    {
        await _host.AddZoneAsync();
        var made = await _host.PostAsync(_tokens, new JsonObject { ["name"] = "backup" });
        var rule = new JsonObject { ["service_token"] = new JsonObject { ["token_id"] = made.Text("id").ToUpperInvariant() } };
        var app = await _host.PostAsync($"accounts/{_host.Account}/access/apps", new JsonObject
        {
            ["type"] = "self_hosted", ["domain"] = "ssh.example.test",
            ["policies"] = new JsonArray(new JsonObject { ["name"] = "x", ["decision"] = "non_identity", ["include"] = new JsonArray(rule) }),
        });
        var one = $"{_tokens}/{made.Text("id")}";
        (await _host.DeleteAsync(one)).AssertError(HttpStatusCode.BadRequest, 12139);
        await _host.DeleteAsync($"accounts/{_host.Account}/access/apps/{app.Text("id")}");
        Assert.Equal("backup", (await _host.DeleteAsync(one)).Text("name"));
        (await _host.DeleteAsync(one)).AssertError(HttpStatusCode.NotFound, 12002);
        (await _host.PostAsync($"{one}/rotate")).AssertError(HttpStatusCode.NotFound, 12002);
        Assert.Empty(_host.Store.Snapshot.ServiceTokens);
    }

    [Theory]
    [InlineData("""{}""")]
    [InlineData("""{"name":"a","duration":"a year"}""")]
    [InlineData("""{"name":"a","duration":"0s"}""")]
    [InlineData("""{"name":"a","enabled":"yes"}""")]
    public async Task A_senseless_token_is_refused(string body) =>
        (await _host.SendAsync(HttpMethod.Post, _tokens, body)).AssertError(HttpStatusCode.BadRequest, 12130);

    [Fact]
    public async Task Filters_choose()
    {
        await _host.PostAsync(_tokens, new JsonObject { ["name"] = "backup" });
        await _host.PostAsync(_tokens, new JsonObject { ["name"] = "deploy" });
        Assert.Equal(2, (await _host.GetAsync(_tokens)).ResultInfo["total_count"]!.GetValue<int>());
        Assert.Equal("deploy", (await _host.GetAsync($"{_tokens}?name=deploy")).Result[0]!["name"]!.GetValue<string>());
        Assert.Equal("backup", (await _host.GetAsync($"{_tokens}?search=ack")).Result[0]!["name"]!.GetValue<string>());
    }

    private bool Accepts(ApiAnswer token, ApiAnswer secretOf) => _host.Store.Snapshot.ServiceTokens[token.Text("client_id")]
        .Accepts(secretOf.Text("client_secret"), _host.Time.GetUtcNow());
}
