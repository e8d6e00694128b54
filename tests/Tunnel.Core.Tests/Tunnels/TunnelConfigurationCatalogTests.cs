using System.Text.Json.Nodes;
using Tunnel.Core.Api;
using Tunnel.Core.Applications;
using Tunnel.Core.Tunnels;
using Tunnel.Protocol.Configuration;
using Tunnel.Testing;

namespace Tunnel.Core.Tests.Tunnels;

public sealed class TunnelConfigurationCatalogTests : IAsyncLifetime
{
    private const string Ssh = """{"ingress":[{"hostname":"ssh.example.test","service":"ssh://localhost:22"},{"service":"http_status:404"}]}""";

    private readonly TemporaryDirectory _directory = new();
    private TunnelLab _lab = null!;
    private TunnelConfigurationCatalog _configurations = null!;
    private TunnelInfo _tunnel = null!;

    public async ValueTask InitializeAsync()
    {
        _lab = await TunnelLab.StartAsync(protect: false);
        _configurations = new TunnelConfigurationCatalog(_lab.Account, _lab.Directory);
        _tunnel = await new TunnelCatalog(_lab.Account).EnsureAsync("home", isRemotelyManaged: true, default);
    }

    public async ValueTask DisposeAsync()
    {
        await _lab.DisposeAsync();
        _directory.Dispose();
    }

    [Fact]
    public async Task Each_change_is_a_version_and_the_same_once_more_is_none()
    {
        Assert.Equal((0, 0), (await VersionAsync(), (await _configurations.GetAsync(_tunnel, default)).Rules.Count));

        Assert.Equal(1, (await SetAsync(Ssh)).Version);
        Assert.Equal(1, (await SetAsync(Ssh)).Version);
        var second = await SetAsync(TunnelConfigurationCatalog.WithRule(Ssh, "web.example.test", "http://localhost:80"));

        Assert.Equal((2, "cloudflare"), (second.Version, second.Source));
        Assert.Equal(
            ["ssh.example.test -> ssh://localhost:22", "web.example.test -> http://localhost:80", "* -> http_status:404"],
            (await _configurations.GetAsync(_tunnel, default)).Rules.Select(r => r.ToString()));
    }

    [Fact]
    public void A_rule_takes_the_place_of_the_one_that_the_hostname_has_and_leaves_the_rest()
    {
        const string Before = """
            {"future":{"a":1},"ingress":[{"hostname":"ssh.example.test","path":"/x","service":"ssh://a:22"},
            {"hostname":"SSH.example.test","service":"ssh://b:22","originRequest":{"new":true}},{"service":"http_status:404"}]}
            """;

        var after = JsonNode.Parse(TunnelConfigurationCatalog.WithRule(Before, "ssh.example.test", "ssh://c:22"))!;

        Assert.Equal(1, after["future"]!["a"]!.GetValue<int>());
        Assert.Equal(
            ["ssh://a:22", "ssh://c:22", "http_status:404"],
            after["ingress"]!.AsArray().Select(r => r!["service"]!.GetValue<string>()));
        Assert.True(after["ingress"]![1]!["originRequest"]!["new"]!.GetValue<bool>());
    }

    [Theory]
    [InlineData("""{"ingress":[{"hostname":"ssh.example.test","service":"ssh://localhost:22"}]}""")]
    [InlineData("""{"ingress":[]}""")]
    [InlineData("""{}""")]
    [InlineData("""[]""")]
    [InlineData("""not json""")]
    public async Task What_cannot_work_is_refused_before_it_is_sent(string json)
    {
        await Assert.ThrowsAsync<ConfigurationException>(() => SetAsync(json));
        Assert.Equal(0, await VersionAsync());
    }

    [Fact]
    public async Task A_hostname_carries_one_protocol()
    {
        var e = await Assert.ThrowsAsync<ResourceConflictException>(() => SetAsync("""
            {"ingress":[{"hostname":"a.example.test","path":"/x","service":"http://localhost:80"},
            {"hostname":"A.example.test","service":"ssh://localhost:22"},{"service":"http_status:404"}]}
            """));

        Assert.Contains("one protocol", e.Message, StringComparison.Ordinal);
        await SetAsync("""
            {"ingress":[{"hostname":"a.example.test","path":"/x","service":"http://localhost:80"},
            {"hostname":"a.example.test","path":"/y","service":"https://localhost:443"},
            {"hostname":"a.example.test","service":"http_status:403"},{"service":"http_status:404"}]}
            """);
    }

    [Fact]
    public async Task A_tunnel_with_a_file_is_taken_over_only_by_force()
    {
        var local = await new TunnelCatalog(_lab.Account).EnsureAsync("local", isRemotelyManaged: false, default);
        var e = await Assert.ThrowsAsync<ResourceConflictException>(() => _configurations.SetAsync(local, Ssh, false, default));
        Assert.Contains("-Force", e.Message, StringComparison.Ordinal);

        Assert.Equal("cloudflare", (await _configurations.SetAsync(local, Ssh, true, default)).Source);

        var changed = await _lab.Api.Tunnels.GetAsync(_lab.AccountId, Guid.Parse(local.Id));
        Assert.Equal("cloudflare", (await _configurations.GetAsync(changed, default)).Source);
    }

    [Fact]
    public async Task The_file_of_a_locally_managed_tunnel_is_read_where_no_connector_told_of_it()
    {
        var local = await new TunnelCatalog(_lab.Account).EnsureAsync("local", isRemotelyManaged: false, default);
        Assert.Empty((await _configurations.GetAsync(local, default)).Rules);
        Directory.CreateDirectory(_lab.Directory);
        var file = Path.Combine(_lab.Directory, "config.yml");
        await File.WriteAllTextAsync(file, "tunnel: local\ningress:\n  - service: ssh://localhost:22\n");

        var configuration = await _configurations.GetAsync(local, default);

        Assert.Equal(("local", file, 0), (configuration.Source, configuration.File, configuration.Version));
        Assert.Equal("ssh://localhost:22", Assert.Single(configuration.Rules).Service);
    }

    [Fact]
    public async Task What_a_connector_told_is_shown()
    {
        var credentials = await _lab.Edge.AddTunnelAsync("a.example.test");
        await _lab.Edge.ConnectAsync(credentials, "a.example.test", "ssh://127.0.0.1:22");
        var tunnel = await _lab.Api.Tunnels.GetAsync(_lab.AccountId, credentials.TunnelId);

        ManagedConfiguration configuration;
        using var limit = new CancellationTokenSource(Eventually.Limit);
        do
        {
            configuration = await _configurations.GetAsync(tunnel, limit.Token);
        }
        while (configuration.Rules.Count == 0);

        Assert.Equal(("local", null), (configuration.Source, configuration.File));
        Assert.Equal("a.example.test", configuration.Rules[0].Hostname);
    }

    [Fact]
    public void A_file_is_read_as_yaml_or_as_json()
    {
        var yaml = _directory.File("config.yml");
        File.WriteAllText(yaml, "tunnel: home\nloglevel: debug\noriginRequest:\n  connectTimeout: 5s\n"
            + "ingress:\n  - hostname: ssh.example.test\n    service: ssh://localhost:22\n  - service: http_status:404\n");
        var json = _directory.File("home.json");
        File.WriteAllText(json, Ssh);

        var read = JsonNode.Parse(TunnelConfigurationCatalog.ReadFile(yaml, out var warnings))!;

        Assert.Equal(5, read["ingress"]![0]!["originRequest"]!["connectTimeout"]!.GetValue<decimal>());
        Assert.Contains("loglevel", Assert.Single(warnings), StringComparison.Ordinal);
        Assert.Equal(Ssh, TunnelConfigurationCatalog.ReadFile(json, out warnings));
        Assert.Empty(warnings);
    }

    private Task<ManagedConfiguration> SetAsync(string json) => _configurations.SetAsync(_tunnel, json, force: false, default);

    private async Task<int> VersionAsync() => (await _configurations.GetAsync(_tunnel, default)).Version;
}
