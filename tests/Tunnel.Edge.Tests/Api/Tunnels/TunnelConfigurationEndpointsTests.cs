using System.Net;
using System.Text.Json.Nodes;

namespace Tunnel.Edge.Tests.Api.Tunnels;

public sealed class TunnelConfigurationEndpointsTests : IAsyncLifetime
{
    private const string Config =
        """{"ingress":[{"hostname":"ssh.example.test","service":"ssh://localhost:22"},{"service":"http_status:404"}],"warp-routing":{"enabled":false}}""";

    private ApiHost _host = null!;
    private Guid _tunnel;
    private string _path = null!;

    public async ValueTask InitializeAsync()
    {
        _host = await ApiHost.StartAsync();
        _tunnel = await _host.AddTunnelAsync();
        _path = $"accounts/{_host.Account}/cfd_tunnel/{_tunnel}/configurations";
    }

    public ValueTask DisposeAsync() => _host.DisposeAsync();

    [Fact]
    public async Task Each_put_is_the_next_version_and_reaches_the_connectors()
    {
        var empty = await _host.GetAsync(_path);
        Assert.Equal(0, empty.Result["version"]!.GetValue<int>());
        Assert.Null(empty.Result["config"]);

        Assert.Equal(1, (await PutAsync(Config)).Result["version"]!.GetValue<int>());
        var second = await PutAsync(Config);
        Assert.Equal(2, second.Result["version"]!.GetValue<int>());
        Assert.Equal("cloudflare", second.Text("source"));
        Assert.Equal(Config, second.Result["config"]!.ToJsonString());
        Assert.Equal([1, 2], _host.Connections.Pushed.Select(p => p.Version));
        Assert.All(_host.Connections.Pushed, p => Assert.Equal((_tunnel, Config), (p.Tunnel, p.Config)));
        Assert.Equal(second.Result.ToJsonString(), (await _host.GetAsync(_path)).Result.ToJsonString());
        Assert.Equal("cloudflare", (await _host.GetAsync($"accounts/{_host.Account}/cfd_tunnel/{_tunnel}")).Text("config_src"));
        Assert.Equal(2, _host.Store.Snapshot.Configurations[_tunnel].Version);
    }

    [Theory]
    [InlineData("""{"ingress":[{"hostname":"a.test","service":"ssh://localhost:22"}]}""")]
    [InlineData("""{"ingress":[{"path":"/x","service":"ssh://localhost:22"}]}""")]
    [InlineData("""{"ingress":[{"hostname":"a.test"},{"service":"http_status:404"}]}""")]
    [InlineData("""{"ingress":[5]}""")]
    [InlineData("""{"ingress":[{"hostname":"https://a.test","service":"ssh://localhost:22"},{"service":"http_status:404"}]}""")]
    [InlineData("""{"ingress":[{"service":"http_status:404"},{"service":"http_status:404"}]}""")]
    [InlineData("""{"ingress":{}}""")]
    [InlineData("""5""")]
    [InlineData("""null""")]
    public async Task A_bad_configuration_is_refused_and_not_pushed(string config)
    {
        (await PutAsync(config)).AssertError(HttpStatusCode.BadRequest, 1056);
        Assert.Empty(_host.Connections.Pushed);
    }

    [Fact]
    public async Task Parallel_puts_get_versions_of_their_own()
    {
        var answers = await Task.WhenAll(Enumerable.Range(0, 10).Select(_ => PutAsync(Config)));
        Assert.Equal(Enumerable.Range(1, 10), answers.Select(a => a.Result["version"]!.GetValue<int>()).Order());
    }

    private Task<ApiAnswer> PutAsync(string config) =>
        _host.PutAsync(_path, new JsonObject { ["config"] = JsonNode.Parse(config) });
}
