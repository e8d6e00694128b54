using System.Net;
using System.Text.Json.Nodes;

namespace Tunnel.Edge.Tests.Api.Access;

public sealed class SigningKeyEndpointsTests : IAsyncLifetime
{
    private ApiHost _host = null!;
    private string _path = null!;

    public async ValueTask InitializeAsync()
    {
        _host = await ApiHost.StartAsync();
        _path = $"accounts/{_host.Account}/access/keys";
    }

    public ValueTask DisposeAsync() => _host.DisposeAsync();

    [Fact]
    public async Task It_tells_when_the_key_is_replaced()
    {
        var first = await _host.GetAsync(_path);
        Assert.Equal((42, 42), (Int(first, "key_rotation_interval_days"), Int(first, "days_until_next_rotation")));

        _host.Time.Advance(TimeSpan.FromHours(36));
        Assert.Equal(41, Int(await _host.GetAsync(_path), "days_until_next_rotation"));
        var changed = await _host.PutAsync(_path, new JsonObject { ["key_rotation_interval_days"] = 30 });
        Assert.Equal((30, 29), (Int(changed, "key_rotation_interval_days"), Int(changed, "days_until_next_rotation")));
        Assert.Equal(first.Text("last_key_rotation_at"), changed.Text("last_key_rotation_at"));

        var rotated = await _host.PostAsync($"{_path}/rotate");
        Assert.Equal(30, Int(rotated, "days_until_next_rotation"));
        Assert.NotEqual(first.Text("last_key_rotation_at"), rotated.Text("last_key_rotation_at"));
    }

    [Theory]
    [InlineData("{}")]
    [InlineData("""{"key_rotation_interval_days":20}""")]
    [InlineData("""{"key_rotation_interval_days":366}""")]
    [InlineData("""{"key_rotation_interval_days":"30"}""")]
    public async Task Senseless_intervals_are_refused(string body) =>
        (await _host.SendAsync(HttpMethod.Put, _path, body)).AssertError(HttpStatusCode.BadRequest, 12130);

    [Fact]
    public async Task A_zone_has_none()
    {
        var zone = await _host.AddZoneAsync();
        Assert.False((await _host.GetAsync($"zones/{zone}/access/keys")).Success);
    }

    private static int Int(ApiAnswer answer, string name) => answer.Result[name]!.GetValue<int>();
}
