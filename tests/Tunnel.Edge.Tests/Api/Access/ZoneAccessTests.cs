using System.Net;
using System.Text.Json.Nodes;

namespace Tunnel.Edge.Tests.Api.Access;

public sealed class ZoneAccessTests : IAsyncLifetime
{
    private ApiHost _host = null!;
    private string _account = null!;
    private string _zone = null!;

    public async ValueTask InitializeAsync()
    {
        _host = await ApiHost.StartAsync();
        _account = $"accounts/{_host.Account}/access";
        _zone = $"zones/{await _host.AddZoneAsync()}/access";
        await _host.AddZoneAsync("example.org");
    }

    public ValueTask DisposeAsync() => _host.DisposeAsync();

    [Fact]
    public async Task A_zone_shows_and_takes_the_applications_that_lie_in_it()
    {
        var elsewhere = await _host.PostAsync($"{_account}/apps", new JsonObject { ["type"] = "self_hosted", ["domain"] = "ssh.example.org" });
        var here = await _host.PostAsync($"{_zone}/apps", new JsonObject { ["type"] = "self_hosted", ["domain"] = "ssh.example.test" });
        Assert.Equal(HttpStatusCode.Created, here.Status);

        Assert.Equal(here.Text("id"), Assert.Single((await _host.GetAsync($"{_zone}/apps")).Result.AsArray())!["id"]!.GetValue<string>());
        Assert.Equal(2, (await _host.GetAsync($"{_account}/apps")).Result.AsArray().Count);
        (await _host.PostAsync($"{_zone}/apps", new JsonObject { ["type"] = "self_hosted", ["domain"] = "web.example.org" })).AssertError(HttpStatusCode.BadRequest, 12130);
        foreach (var method in new[] { HttpMethod.Get, HttpMethod.Delete, HttpMethod.Put })
        {
            var body = method == HttpMethod.Put ? """{"type":"self_hosted","domain":"x.example.test"}""" : null;
            (await _host.SendAsync(method, $"{_zone}/apps/{elsewhere.Text("id")}", body)).AssertError(HttpStatusCode.NotFound, 11021);
        }

        var changed = await _host.PutAsync($"{_zone}/apps/{here.Text("id")}", new JsonObject { ["type"] = "self_hosted", ["domain"] = "web.example.test" });
        Assert.Equal("web.example.test", changed.Text("domain"));
        var policies = $"{_zone}/apps/{here.Text("id")}/policies";
        var policy = await _host.PostAsync(policies, PolicyEndpointsTests.Everyone("all"));
        Assert.Equal("all", (await _host.GetAsync($"{policies}/{policy.Text("id")}")).Text("name"));
        (await _host.GetAsync($"{_zone}/apps/{elsewhere.Text("id")}/policies")).AssertError(HttpStatusCode.NotFound, 11021);
        Assert.Equal(HttpStatusCode.Accepted, (await _host.PostAsync($"{_zone}/apps/{here.Text("id")}/revoke_tokens")).Status);
        Assert.Equal(HttpStatusCode.Accepted, (await _host.DeleteAsync($"{_zone}/apps/{here.Text("id")}")).Status);
    }

    [Fact]
    public async Task Service_tokens_are_served_below_a_zone_too()
    {
        var made = await _host.PostAsync($"{_zone}/service_tokens", new JsonObject { ["name"] = "ci" });
        Assert.Equal("ci", (await _host.GetAsync($"{_account}/service_tokens/{made.Text("id")}")).Text("name"));
    }

    [Fact]
    public async Task A_zone_that_is_not_there_has_nothing_below_it()
    {
        Assert.Equal(HttpStatusCode.NotFound, (await _host.GetAsync($"zones/{Guid.NewGuid():N}/access/apps")).Status);
        Assert.Equal(HttpStatusCode.NotFound, (await _host.GetAsync($"zones/{Guid.NewGuid():N}/access/service_tokens")).Status);
    }
}
