using System.Net;
using System.Text.Json.Nodes;

namespace Tunnel.Edge.Tests.Api.Access;

public sealed class OrganizationEndpointsTests : IAsyncLifetime
{
    private ApiHost _host = null!;
    private string _path = null!;

    public async ValueTask InitializeAsync()
    {
        _host = await ApiHost.StartAsync();
        _path = $"accounts/{_host.Account}/access/organizations";
    }

    public ValueTask DisposeAsync() => _host.DisposeAsync();

    [Fact]
    public async Task It_is_there_from_the_start_and_changes_by_what_is_given()
    {
        Assert.Equal("tunnel.cloudflareaccess.test", (await _host.GetAsync(_path)).Text("auth_domain"));
        var changed = await _host.PutAsync(_path, new JsonObject { ["auth_domain"] = "Lab.example.test", ["future"] = 1 });
        Assert.Equal(("lab.example.test", "Tunnel", "24h"), (changed.Text("auth_domain"), changed.Text("name"), changed.Text("session_duration")));
        changed = await _host.PutAsync(_path, new JsonObject { ["name"] = "Lab", ["session_duration"] = "8h" });
        Assert.Equal(("lab.example.test", "Lab", "8h"), (changed.Text("auth_domain"), changed.Text("name"), changed.Text("session_duration")));
        Assert.Equal(1, changed.Result["future"]!.GetValue<int>());
        Assert.Equal("lab.example.test", _host.Store.Snapshot.Organization.AuthDomain);
    }

    [Theory]
    [InlineData("""{"auth_domain":"not a host"}""")]
    [InlineData("""{"auth_domain":""}""")]
    [InlineData("""{"session_duration":"soon"}""")]
    public async Task Senseless_values_are_refused(string body) =>
        (await _host.SendAsync(HttpMethod.Put, _path, body)).AssertError(HttpStatusCode.BadRequest, 12130);
}
