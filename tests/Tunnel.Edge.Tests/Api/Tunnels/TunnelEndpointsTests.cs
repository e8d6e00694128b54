using System.Net;
using System.Text.Json.Nodes;
using Tunnel.Protocol.Credentials;

namespace Tunnel.Edge.Tests.Api.Tunnels;

public sealed class TunnelEndpointsTests : IAsyncLifetime
{
    private ApiHost _host = null!;
    private string _tunnels = null!;

    public async ValueTask InitializeAsync()
    {
        _host = await ApiHost.StartAsync();
        _tunnels = $"accounts/{_host.Account}/cfd_tunnel";
    }

    public ValueTask DisposeAsync() => _host.DisposeAsync();

    [Fact]
    public async Task The_creator_is_told_the_credentials_and_nobody_after()
    {
        var secret = Convert.ToBase64String([.. Enumerable.Range(0, 32).Select(i => (byte)i)]);
        var made = await _host.PostAsync(_tunnels, new JsonObject { ["name"] = "home", ["tunnel_secret"] = secret });
        var id = made.Text("id");
        var file = made.Result["credentials_file"]!;
        Assert.Equal(secret, file["TunnelSecret"]!.GetValue<string>());
        Assert.Equal(id, file["TunnelID"]!.GetValue<string>());
        var credentials = TunnelToken.Parse(made.Text("token"));
        Assert.Equal((_host.Account, Guid.Parse(id)), (credentials.AccountTag, credentials.TunnelId));
        Assert.Equal(secret, Convert.ToBase64String(credentials.TunnelSecret));
        Assert.Equal("inactive", made.Text("status"));
        Assert.Equal("local", made.Text("config_src"));

        var read = await _host.GetAsync($"{_tunnels}/{id}");
        Assert.DoesNotContain(secret, read.Envelope.ToJsonString(), StringComparison.Ordinal);
        Assert.Null(read.Result["token"]);
        Assert.Equal("home", read.Text("name"));
        var token = await _host.GetAsync($"{_tunnels}/{id}/token");
        Assert.Equal(made.Text("token"), token.Result.GetValue<string>());
    }

    [Fact]
    public async Task A_secret_is_made_where_none_is_given()
    {
        var first = TunnelToken.Parse((await _host.PostAsync(_tunnels, new JsonObject { ["name"] = "one" })).Text("token"));
        var second = TunnelToken.Parse((await _host.PostAsync(_tunnels, new JsonObject { ["name"] = "two", ["tunnel_secret"] = "" })).Text("token"));
        Assert.Equal(32, first.TunnelSecret.Length);
        Assert.NotEqual(first.TunnelSecret, second.TunnelSecret);
    }

    [Theory]
    [InlineData("""{}""")]
    [InlineData("""{"name":"  "}""")]
    [InlineData("""{"name":"a","tunnel_secret":"!"}""")]
    [InlineData("""{"name":"a","tunnel_secret":"AQID"}""")]
    [InlineData("""{"name":"a","config_src":"elsewhere"}""")]
    public async Task Senseless_tunnels_are_refused(string body) =>
        Assert.Equal(HttpStatusCode.BadRequest, (await _host.SendAsync(HttpMethod.Post, _tunnels, body)).Status);

    [Fact]
    public async Task A_name_is_unique_among_tunnels_that_are_not_deleted()
    {
        var first = await _host.AddTunnelAsync("home");
        (await _host.PostAsync(_tunnels, new JsonObject { ["name"] = "home" })).AssertError(HttpStatusCode.Conflict, 1013);
        var other = await _host.AddTunnelAsync("other");
        (await _host.PatchAsync($"{_tunnels}/{other}", new JsonObject { ["name"] = "home" })).AssertError(HttpStatusCode.Conflict, 1013);
        await _host.DeleteAsync($"{_tunnels}/{first}");
        Assert.Equal("home", (await _host.PatchAsync($"{_tunnels}/{other}", new JsonObject { ["name"] = "home" })).Text("name"));
    }

    [Fact]
    public async Task Of_parallel_creates_of_one_name_one_wins()
    {
        var answers = await Task.WhenAll(Enumerable.Range(0, 20).Select(_ =>
            _host.PostAsync(_tunnels, new JsonObject { ["name"] = "home" })));
        Assert.Single(answers, a => a.Success);
        Assert.All(answers.Where(a => !a.Success), a => a.AssertError(HttpStatusCode.Conflict, 1013));
    }

    [Fact]
    public async Task A_deleted_tunnel_is_still_shown_and_cannot_be_used()
    {
        var id = await _host.AddTunnelAsync();
        Assert.NotNull((await _host.DeleteAsync($"{_tunnels}/{id}")).Result["deleted_at"]);
        Assert.NotNull((await _host.GetAsync($"{_tunnels}/{id}")).Result["deleted_at"]);
        (await _host.GetAsync($"{_tunnels}/{id}/token")).AssertError(HttpStatusCode.NotFound, 1003);
        (await _host.DeleteAsync($"{_tunnels}/{id}")).AssertError(HttpStatusCode.NotFound, 1003);
        (await _host.PatchAsync($"{_tunnels}/{id}", new JsonObject { ["name"] = "x" })).AssertError(HttpStatusCode.NotFound, 1003);
        (await _host.GetAsync($"{_tunnels}/{Guid.NewGuid()}")).AssertError(HttpStatusCode.NotFound, 1003);
    }

    [Fact]
    public async Task A_connected_tunnel_is_deleted_only_with_cascade()
    {
        var id = await _host.AddTunnelAsync();
        _host.Connections.Connect(id, Guid.NewGuid(), 4);
        (await _host.DeleteAsync($"{_tunnels}/{id}")).AssertError(HttpStatusCode.BadRequest, 1022);
        Assert.Equal(4, _host.Connections.ForTunnel(id).Count);
        Assert.True((await _host.DeleteAsync($"{_tunnels}/{id}?cascade=true")).Success);
        Assert.Empty(_host.Connections.ForTunnel(id));
    }

    [Fact]
    public async Task Status_follows_the_connections()
    {
        var id = await _host.AddTunnelAsync();
        Assert.Equal("inactive", await StatusAsync(id));
        _host.Store.Tunnels.NoteConnections(id, active: true, _host.Time.GetUtcNow());
        _host.Connections.Connect(id, Guid.NewGuid(), 2);
        Assert.Equal("degraded", await StatusAsync(id));
        _host.Connections.Connect(id, Guid.NewGuid(), 2);
        Assert.Equal("healthy", await StatusAsync(id));
        await _host.DeleteAsync($"{_tunnels}/{id}/connections");
        Assert.Equal("down", await StatusAsync(id));
        Assert.Equal("down", (await _host.GetAsync($"{_tunnels}?status=down")).Result[0]!["status"]!.GetValue<string>());
    }

    [Fact]
    public async Task Connections_are_listed_by_connector_and_closed_by_connector()
    {
        var id = await _host.AddTunnelAsync();
        var (one, two) = (Guid.NewGuid(), Guid.NewGuid());
        _host.Connections.Connect(id, one, 4);
        _host.Connections.Connect(id, two, 3);
        var clients = (await _host.GetAsync($"{_tunnels}/{id}/connections")).Result.AsArray();
        var client = Assert.Single(clients, c => c!["id"]!.GetValue<Guid>() == one)!;
        Assert.Equal(4, client["conns"]!.AsArray().Count);
        Assert.Equal("linux_amd64", client["arch"]!.GetValue<string>());
        Assert.Equal("2026-01-02T03:04:05.000000Z", client["run_at"]!.GetValue<string>());

        Assert.True((await _host.DeleteAsync($"{_tunnels}/{id}/connections?client_id={one}")).Success);
        Assert.All(_host.Connections.ForTunnel(id), c => Assert.Equal(two, c.ClientId));
        Assert.True((await _host.DeleteAsync($"{_tunnels}/{id}/connections")).Success);
        Assert.Empty((await _host.GetAsync($"{_tunnels}/{id}/connections")).Result.AsArray());
    }

    [Fact]
    public async Task A_connector_is_shown_by_its_id()
    {
        var id = await _host.AddTunnelAsync();
        var connector = Guid.NewGuid();
        _host.Connections.Connect(id, connector, 4);
        var answer = await _host.GetAsync($"{_tunnels}/{id}/connectors/{connector}");
        Assert.Equal(connector, answer.Result["id"]!.GetValue<Guid>());
        Assert.Equal(4, answer.Result["conns"]!.AsArray().Count);
        (await _host.GetAsync($"{_tunnels}/{id}/connectors/{Guid.NewGuid()}")).AssertError(HttpStatusCode.NotFound, 1003);
    }

    [Fact]
    public async Task A_management_token_names_its_tunnel_and_ends_soon()
    {
        var id = await _host.AddTunnelAsync();
        string[] tokens =
        [
            (await _host.PostAsync($"{_tunnels}/{id}/management", new JsonObject { ["resources"] = new JsonArray("logs") })).Result.GetValue<string>(),
            (await _host.PostAsync($"{_tunnels}/{id}/management/logs")).Result.GetValue<string>(),
        ];
        Assert.All(tokens, text =>
        {
            var token = new Microsoft.IdentityModel.JsonWebTokens.JsonWebToken(text);
            Assert.Equal("ES256", token.Alg);
            Assert.Contains(id.ToString(), token.GetPayloadValue<System.Text.Json.JsonElement>("tun").GetRawText(), StringComparison.Ordinal);
            Assert.Equal(_host.Time.GetUtcNow().AddHours(1).UtcDateTime, token.ValidTo);
        });
        (await _host.PostAsync($"{_tunnels}/{id}/management", new JsonObject { ["resources"] = new JsonArray("all") })).AssertError(HttpStatusCode.BadRequest, 1001);
        (await _host.PostAsync($"{_tunnels}/{Guid.NewGuid()}/management/logs")).AssertError(HttpStatusCode.NotFound, 1003);
    }

    [Fact]
    public async Task Tunnels_of_every_type_are_listed_together()
    {
        await _host.AddTunnelAsync();
        Assert.Single((await _host.GetAsync($"accounts/{_host.Account}/tunnels?tun_types=cfd_tunnel,warp_connector")).Result.AsArray());
        Assert.Empty((await _host.GetAsync($"accounts/{_host.Account}/tunnels?tun_types=warp_connector")).Result.AsArray());
    }

    [Fact]
    public async Task A_new_secret_makes_a_new_token()
    {
        var id = await _host.AddTunnelAsync();
        var before = (await _host.GetAsync($"{_tunnels}/{id}/token")).Result.GetValue<string>();
        await _host.PatchAsync($"{_tunnels}/{id}", new JsonObject { ["tunnel_secret"] = Convert.ToBase64String(new byte[32]) });
        Assert.NotEqual(before, (await _host.GetAsync($"{_tunnels}/{id}/token")).Result.GetValue<string>());
        Assert.Equal(new byte[32], _host.Store.Snapshot.Tunnels[id].Secret);
    }

    [Theory]
    [InlineData("name=alpha", "alpha")]
    [InlineData("is_deleted=false", "beta,alpha")]
    [InlineData("is_deleted=true", "alp")]
    [InlineData("include_prefix=alp", "alpha,alp")]
    [InlineData("name_prefix=alp&exclude_prefix=alpha", "alp")]
    [InlineData("existed_at=2026-03-04T05:06:30Z", "alpha,alp")]
    [InlineData("existed_at=2026-03-04T05:00:00Z", "")]
    [InlineData("uuid=00000000-0000-0000-0000-000000000000", "")]
    public async Task Filters_choose(string query, string expected)
    {
        var gone = await _host.AddTunnelAsync("alp");
        _host.Time.Advance(TimeSpan.FromSeconds(1));
        await _host.AddTunnelAsync("alpha");
        _host.Time.Advance(TimeSpan.FromMinutes(1));
        await _host.AddTunnelAsync("beta");
        await _host.DeleteAsync($"{_tunnels}/{gone}");
        var names = (await _host.GetAsync($"{_tunnels}?{query}")).Result.AsArray().Select(t => t!["name"]!.GetValue<string>());
        Assert.Equal(expected, string.Join(',', names));
    }

    [Theory]
    [InlineData("uuid=x")]
    [InlineData("is_deleted=perhaps")]
    [InlineData("existed_at=yesterday")]
    public async Task Senseless_filters_are_400(string query) =>
        (await _host.GetAsync($"{_tunnels}?{query}")).AssertError(HttpStatusCode.BadRequest, 1004);

    private async Task<string> StatusAsync(Guid id) => (await _host.GetAsync($"{_tunnels}/{id}")).Text("status");
}
