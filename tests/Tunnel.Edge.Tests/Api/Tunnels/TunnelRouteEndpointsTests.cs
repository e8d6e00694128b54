using System.Net;
using System.Text.Json.Nodes;

namespace Tunnel.Edge.Tests.Api.Tunnels;

public sealed class TunnelRouteEndpointsTests : IAsyncLifetime
{
    private ApiHost _host = null!;
    private string _zone = null!;
    private Guid _tunnel;

    public async ValueTask InitializeAsync()
    {
        _host = await ApiHost.StartAsync();
        _zone = await _host.AddZoneAsync();
        _tunnel = await _host.AddTunnelAsync();
    }

    public ValueTask DisposeAsync() => _host.DisposeAsync();

    [Fact]
    public async Task A_hostname_is_routed_once()
    {
        var first = await RouteAsync("SSH.example.test");
        Assert.Equal(("new", "ssh.example.test"), (first.Text("cname"), first.Text("name")));
        Assert.Equal("unchanged", (await RouteAsync("ssh.example.test")).Text("cname"));
        var record = Assert.Single((await _host.GetAsync($"zones/{_zone}/dns_records")).Result.AsArray())!;
        Assert.Equal($"{_tunnel:D}.cfargotunnel.com", record["content"]!.GetValue<string>());
        Assert.True(record["proxied"]!.GetValue<bool>());
        Assert.Equal(_tunnel, _host.Store.Snapshot.FindRoute("ssh.example.test")?.TunnelId);
    }

    [Fact]
    public async Task A_name_outside_of_the_zone_is_relative_to_it() =>
        Assert.Equal("ssh.other.test.example.test", (await RouteAsync("ssh.other.test")).Text("name"));

    [Fact]
    public async Task Another_record_is_replaced_only_when_asked()
    {
        await _host.PostAsync($"zones/{_zone}/dns_records", new JsonObject
        {
            ["type"] = "A", ["name"] = "ssh", ["content"] = "192.0.2.1",
        });
        (await RouteAsync("ssh.example.test")).AssertError(HttpStatusCode.BadRequest, 1003);
        Assert.Null(_host.Store.Snapshot.FindRoute("ssh.example.test"));
        Assert.Equal("updated", (await RouteAsync("ssh.example.test", overwrite: true)).Text("cname"));
        Assert.Equal(_tunnel, _host.Store.Snapshot.FindRoute("ssh.example.test")?.TunnelId);
    }

    [Fact]
    public async Task Another_tunnels_route_is_replaced_only_when_asked()
    {
        await RouteAsync("ssh.example.test");
        var other = await _host.AddTunnelAsync("other");
        (await RouteAsync("ssh.example.test", tunnel: other)).AssertError(HttpStatusCode.BadRequest, 1003);
        Assert.Equal("updated", (await RouteAsync("ssh.example.test", overwrite: true, tunnel: other)).Text("cname"));
        Assert.Equal(other, _host.Store.Snapshot.FindRoute("ssh.example.test")?.TunnelId);
    }

    [Theory]
    [InlineData("""{"type":"lb","lb_name":"a","lb_pool":"b"}""")]
    [InlineData("""{"type":"dns"}""")]
    [InlineData("""{"type":"dns","user_hostname":"not a host"}""")]
    public async Task Other_routes_are_refused(string body) => (await _host.SendAsync(
        HttpMethod.Put, $"zones/{_zone}/tunnels/{_tunnel}/routes", body)).AssertError(HttpStatusCode.BadRequest, 1001);

    [Fact]
    public async Task A_tunnel_that_does_not_exist_cannot_be_routed_to() =>
        (await RouteAsync("ssh.example.test", tunnel: Guid.NewGuid())).AssertError(HttpStatusCode.NotFound, 1003);

    private Task<ApiAnswer> RouteAsync(string hostname, bool overwrite = false, Guid? tunnel = null) => _host.PutAsync(
        $"zones/{_zone}/tunnels/{tunnel ?? _tunnel}/routes",
        new JsonObject { ["type"] = "dns", ["user_hostname"] = hostname, ["overwrite_existing"] = overwrite });
}
