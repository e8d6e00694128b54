using System.Net;
using System.Text.Json.Nodes;

namespace Tunnel.Edge.Tests.Api.Zones;

public sealed class ZoneEndpointsTests : IAsyncLifetime
{
    private ApiHost _host = null!;

    public async ValueTask InitializeAsync() => _host = await ApiHost.StartAsync();

    public ValueTask DisposeAsync() => _host.DisposeAsync();

    [Fact]
    public async Task A_zone_is_active_at_once_and_names_its_servers()
    {
        var added = await _host.PostAsync("zones", new JsonObject { ["name"] = "Example.Test." });
        Assert.Equal(("example.test", "active"), (added.Text("name"), added.Text("status")));
        Assert.Matches("^[0-9a-f]{32}$", added.Text("id"));
        Assert.NotEmpty(added.Result["name_servers"]!.AsArray());
        Assert.Equal(_host.Account, added.Result["account"]!["id"]!.GetValue<string>());
        Assert.Equal("2026-03-04T05:06:07.000000Z", added.Text("created_on"));
        var read = await _host.GetAsync($"zones/{added.Text("id")}");
        Assert.Equal(added.Result.ToJsonString(), read.Result.ToJsonString());
    }

    [Fact]
    public async Task A_zone_that_exists_is_not_added_again()
    {
        await _host.AddZoneAsync("example.test");
        var again = await _host.PostAsync("zones", new JsonObject { ["name"] = "EXAMPLE.test" });
        again.AssertError(HttpStatusCode.BadRequest, 1061);
        Assert.Contains("example.test already exists", again.Message, StringComparison.Ordinal);
    }

    [Fact]
    public async Task Of_parallel_creates_one_wins()
    {
        var answers = await Task.WhenAll(Enumerable.Range(0, 20).Select(_ =>
            _host.PostAsync("zones", new JsonObject { ["name"] = "example.test" })));
        Assert.Single(answers, a => a.Success);
        Assert.All(answers.Where(a => !a.Success), a => a.AssertError(HttpStatusCode.BadRequest, 1061));
    }

    [Theory]
    [InlineData("test")]
    [InlineData("exa mple.test")]
    [InlineData("-example.test")]
    [InlineData("*.example.test")]
    [InlineData("example..test")]
    [InlineData("https://example.test")]
    [InlineData("münchen.test")]
    public async Task A_name_that_is_no_domain_is_refused(string name) =>
        (await _host.PostAsync("zones", new JsonObject { ["name"] = name })).AssertError(HttpStatusCode.BadRequest, 1049);

    [Theory]
    [InlineData("""{}""")]
    [InlineData("""{"name":null}""")]
    [InlineData("""{"name":5}""")]
    [InlineData("""{"name":"a\u0000b.test"}""")]
    [InlineData("""{"name":"example.test","type":"sideways"}""")]
    [InlineData("""{"name":"example.test","account":"text"}""")]
    public async Task Properties_of_the_wrong_kind_are_refused(string body) =>
        (await _host.SendAsync(HttpMethod.Post, "zones", body)).AssertError(HttpStatusCode.BadRequest, 1004);

    [Fact]
    public async Task A_zone_for_another_account_is_refused() => (await _host.PostAsync("zones", new JsonObject
    {
        ["name"] = "example.test", ["account"] = new JsonObject { ["id"] = new string('0', 32) },
    })).AssertError(HttpStatusCode.Forbidden, 9109);

    [Theory]
    [InlineData("name=two.test", "two.test")]
    [InlineData("name=TWO.test", "two.test")]
    [InlineData("name=starts_with:t", "three.test,two.test")]
    [InlineData("name=contains:hre", "three.test")]
    [InlineData("name=ends_with:o.test", "two.test")]
    [InlineData("name=none.test", "")]
    [InlineData("status=active", "one.test,three.test,two.test")]
    [InlineData("status=pending", "")]
    [InlineData("type=partial,full", "one.test,three.test,two.test")]
    [InlineData("type=partial,secondary", "")]
    [InlineData("name=starts_with_case_sensitive:T", "")]
    [InlineData("name=starts_with_case_sensitive:t", "three.test,two.test")]
    [InlineData("name=one.test&status=pending&match=any", "one.test")]
    [InlineData("account.id=00000000000000000000000000000000", "")]
    [InlineData("direction=desc", "two.test,three.test,one.test")]
    public async Task Filters_choose(string query, string expected)
    {
        foreach (var name in (string[])["one.test", "two.test", "three.test"])
        {
            await _host.AddZoneAsync(name);
        }

        var names = (await _host.GetAsync("zones?" + query)).Result.AsArray().Select(z => z!["name"]!.GetValue<string>());
        Assert.Equal(expected, string.Join(',', names));
    }

    [Fact]
    public async Task A_removed_zone_takes_its_records_along_and_its_name_is_free_again()
    {
        var zone = await _host.AddZoneAsync();
        var record = await _host.PostAsync($"zones/{zone}/dns_records", new JsonObject
        {
            ["type"] = "A", ["name"] = "www", ["content"] = "192.0.2.1",
        });
        Assert.Equal(zone, (await _host.DeleteAsync($"zones/{zone}")).Text("id"));
        (await _host.GetAsync($"zones/{zone}")).AssertError(HttpStatusCode.NotFound, 1001);
        (await _host.DeleteAsync($"zones/{zone}")).AssertError(HttpStatusCode.NotFound, 1001);
        (await _host.GetAsync($"zones/{zone}/dns_records/{record.Text("id")}")).AssertError(HttpStatusCode.NotFound, 1001);
        var again = await _host.AddZoneAsync();
        Assert.Empty((await _host.GetAsync($"zones/{again}/dns_records")).Result.AsArray());
    }

    [Fact]
    public async Task A_partial_zone_waits_for_its_check_and_routes_nothing_before()
    {
        var added = await _host.PostAsync("zones", new JsonObject { ["name"] = "example.test", ["type"] = "partial" });
        var zone = $"zones/{added.Text("id")}";
        Assert.Equal("pending", added.Text("status"));
        Assert.Null(added.Result["activated_on"]);
        Assert.Matches("^[0-9]{9}-[0-9]{9}$", added.Text("verification_key"));
        var tunnel = await _host.AddTunnelAsync();
        await _host.PutAsync($"{zone}/tunnels/{tunnel}/routes", new JsonObject { ["type"] = "dns", ["user_hostname"] = "ssh.example.test" });
        Assert.Null(_host.Store.Snapshot.FindRoute("ssh.example.test"));

        Assert.Equal(added.Text("id"), (await _host.SendAsync(HttpMethod.Put, $"{zone}/activation_check")).Text("id"));

        Assert.Equal(("active", "2026-03-04T05:06:07.000000Z"), (
            (await _host.GetAsync(zone)).Text("status"), (await _host.GetAsync(zone)).Text("activated_on")));
        Assert.Equal(tunnel, _host.Store.Snapshot.FindRoute("ssh.example.test")?.TunnelId);
        Assert.Equal(added.Text("verification_key"), (await _host.GetAsync(zone)).Text("verification_key"));
    }

    [Fact]
    public async Task Zones_start_pending_where_the_edge_is_told_so()
    {
        await using var host = await ApiHost.StartAsync(o => o with { ZonesStartPending = true });
        var zone = await host.AddZoneAsync();
        Assert.Equal("pending", (await host.GetAsync($"zones/{zone}")).Text("status"));
        Assert.Single((await host.GetAsync("zones?status=pending")).Result.AsArray());
    }

    [Fact]
    public async Task A_zone_is_changed_one_property_at_a_time()
    {
        var zone = await _host.AddZoneAsync();
        var record = await _host.AddTunnelAsync();
        await _host.PutAsync($"zones/{zone}/tunnels/{record}/routes", new JsonObject { ["type"] = "dns", ["user_hostname"] = "ssh" });

        Assert.True((await _host.PatchAsync($"zones/{zone}", new JsonObject { ["paused"] = true })).Result["paused"]!.GetValue<bool>());
        Assert.Null(_host.Store.Snapshot.FindRoute("ssh.example.test"));
        await _host.PatchAsync($"zones/{zone}", new JsonObject { ["paused"] = false });
        Assert.NotNull(_host.Store.Snapshot.FindRoute("ssh.example.test"));
        var vanity = await _host.PatchAsync($"zones/{zone}", new JsonObject { ["vanity_name_servers"] = new JsonArray("NS1.example.test") });
        Assert.Equal("""["ns1.example.test"]""", vanity.Result["vanity_name_servers"]!.ToJsonString());
        Assert.Equal("partial", (await _host.PatchAsync($"zones/{zone}", new JsonObject { ["type"] = "partial" })).Text("type"));

        (await _host.PatchAsync($"zones/{zone}", new JsonObject { ["paused"] = true, ["type"] = "full" })).AssertError(HttpStatusCode.BadRequest, 1004);
        (await _host.PatchAsync($"zones/{zone}", [])).AssertError(HttpStatusCode.BadRequest, 1004);
        (await _host.PatchAsync($"zones/{new string('0', 32)}", new JsonObject { ["paused"] = true })).AssertError(HttpStatusCode.NotFound, 1001);
        (await _host.SendAsync(HttpMethod.Put, $"zones/{new string('0', 32)}/activation_check")).AssertError(HttpStatusCode.NotFound, 1001);
    }
}
