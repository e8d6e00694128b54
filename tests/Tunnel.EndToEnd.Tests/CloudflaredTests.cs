using System.Net.Http.Headers;
using System.Security.Cryptography;
using System.Text;
using System.Text.Json;
using Tunnel.Core.Api;
using Tunnel.Protocol.Credentials;
using Tunnel.Testing;

namespace Tunnel.EndToEnd.Tests;

/// <summary>
/// Cloudflare's own program with our edge, on both of its sides: it decides whether we speak the protocol. Skipped where
/// it is not installed.
/// </summary>
public sealed class CloudflaredTests : IAsyncLifetime
{
    private const string Hostname = SshThroughTunnel.Hostname;
    private const int MiB = 1024 * 1024;

    private readonly TemporaryDirectory _directory = new();
    private EdgeLab _lab = null!;
    private SshServer _server = null!;
    private ServiceToken _token = null!;

    public async ValueTask InitializeAsync()
    {
        Cloudflared.SkipUnlessInstalled();
        _server = await SshServer.StartAsync();
        _lab = await EdgeLab.StartAsync();
        _token = await _lab.ProtectWithTokenAsync(Hostname);
    }

    public async ValueTask DisposeAsync()
    {
        if (_lab is not null)
        {
            await _lab.DisposeAsync();
        }

        if (_server is not null)
        {
            await _server.DisposeAsync();
        }

        _directory.Dispose();
    }

    [Fact]
    public async Task As_a_connector_it_registers_four_connections_carries_ssh_and_ends_gracefully()
    {
        var credentials = await _lab.AddTunnelAsync(Hostname);
        await using var connector = Cloudflared.StartConnector(_lab, credentials, _directory, Hostname, _server.Url);
        await FourConnectionsAsync(credentials, connector);

        await AssertSftpAsync();

        Assert.Equal(0, await connector.TerminateAsync());
        Assert.Empty((await TunnelAsync(credentials)).Connections!);
    }

    [Fact]
    public async Task As_a_connector_it_takes_the_rules_that_the_edge_sends()
    {
        using var api = new HttpClient(new SocketsHttpHandler { SslOptions = _lab.Trusting(null) });
        api.BaseAddress = new Uri(_lab.Edge.ApiAddress, $"accounts/{_lab.Edge.AccountId}/");
        api.DefaultRequestHeaders.Authorization = new AuthenticationHeaderValue("Bearer", _lab.Edge.ApiToken);
        var secret = RandomNumberGenerator.GetBytes(32);
        var created = await SendAsync(api, HttpMethod.Post, "cfd_tunnel",
            $$"""{"name":"remote","config_src":"cloudflare","tunnel_secret":"{{Convert.ToBase64String(secret)}}"}""");
        var credentials = new TunnelCredentials(_lab.Edge.AccountId, secret, created.GetProperty("result").GetProperty("id").GetGuid());
        var zone = await _lab.Api.Zones.ListAsync(new ZoneFilter { Name = EdgeLab.Zone }).FirstAsync();
        await _lab.Api.Tunnels.RouteDnsAsync(zone.Id, credentials.TunnelId, Hostname);
        await PutRulesAsync("http_status:404");
        await using var connector = Cloudflared.StartConnector(_lab, credentials, _directory, Hostname, null);
        await FourConnectionsAsync(credentials, connector);
        await Eventually.True(() => connector.Output.Contains("version=1", StringComparison.Ordinal), "it has the first rules");

        await PutRulesAsync(_server.Url);

        Assert.Equal("here\n", (await SshAsync("echo here")).Output);

        Task PutRulesAsync(string service) => SendAsync(api, HttpMethod.Put, $"cfd_tunnel/{credentials.TunnelId}/configurations",
            $$$"""{"config":{"ingress":[{"hostname":"{{{Hostname}}}","service":"{{{service}}}"},{"service":"http_status:404"}]}}""");
    }

    [Fact]
    public async Task As_a_connector_it_comes_back_after_an_edge_restart()
    {
        var credentials = await _lab.AddTunnelAsync(Hostname);
        await using var connector = Cloudflared.StartConnector(_lab, credentials, _directory, Hostname, _server.Url);
        await FourConnectionsAsync(credentials, connector);

        await _lab.RestartEdgeAsync();

        await FourConnectionsAsync(credentials, connector);
        Assert.Equal("here\n", (await SshAsync("echo here")).Output);
    }

    [Fact]
    public async Task As_a_connector_with_a_wrong_secret_it_says_why_it_is_refused()
    {
        var credentials = await _lab.AddTunnelAsync(Hostname);
        await using var connector = Cloudflared.StartConnector(
            _lab, credentials with { TunnelSecret = RandomNumberGenerator.GetBytes(32) }, _directory, Hostname, _server.Url);

        await Eventually.True(
            () => connector.Output.Contains("Unauthorized: Invalid tunnel secret", StringComparison.Ordinal), "it says why");
    }

    [Fact]
    public async Task As_a_client_it_carries_ssh_to_our_connector()
    {
        await _lab.PublishAsync(Hostname, _server.Url);

        await AssertSftpAsync();
        var results = await Task.WhenAll(Enumerable.Range(0, 20).Select(i => SshAsync($"echo session {i}; exit {i}")));
        Assert.All(results, (result, i) => Assert.True(
            (result.ExitCode, result.Output) == (i, $"session {i}\n"), $"session {i}: {result}"));
    }

    [Fact]
    public async Task As_a_client_with_a_wrong_service_token_it_gets_nowhere()
    {
        await _lab.PublishAsync(Hostname, _server.Url, connections: 1);
        _token = _token with { ClientSecret = new string('0', 64) };

        var result = await SshAsync("echo inside");

        Assert.Equal((255, ""), (result.ExitCode, result.Output));
    }

    /// <summary>100 MiB up and down.</summary>
    private async Task AssertSftpAsync()
    {
        var original = _directory.File("original");
        await File.WriteAllBytesAsync(original, RandomNumberGenerator.GetBytes(100 * MiB));
        var (up, down) = (_directory.File("up"), _directory.File("down"));

        var result = await ProcessResult.RunAsync("sftp", [.. Options, "-b", "-", Destination], TimeSpan.FromMinutes(2),
            Variables, $"put {original} {up}\nget {up} {down}\n");

        Assert.True(result.ExitCode == 0, result.Error);
        var expected = await HashAsync(original);
        Assert.Equal(expected, await HashAsync(up));
        Assert.Equal(expected, await HashAsync(down));
    }

    private static string Destination => Environment.UserName + "@" + Hostname;

    private IReadOnlyDictionary<string, string> Variables => Cloudflared.Variables(_lab, _directory, _token);

    private IReadOnlyList<string> Options =>
        [.. _server.ClientOptions, "-o", "ProxyCommand=" + Cloudflared.ProxyCommand(_lab, Hostname)];

    private Task<ProcessResult> SshAsync(string command) =>
        ProcessResult.RunAsync("ssh", [.. Options, Destination, command], environment: Variables);

    private Task<TunnelInfo> TunnelAsync(TunnelCredentials credentials) =>
        _lab.Api.Tunnels.GetAsync(_lab.Edge.AccountId, credentials.TunnelId);

    /// <summary>Waits until the API shows them.</summary>
    private async Task FourConnectionsAsync(TunnelCredentials credentials, RunningProgram connector)
    {
        using var limit = new CancellationTokenSource(TimeSpan.FromSeconds(60));
        using var timer = new PeriodicTimer(TimeSpan.FromMilliseconds(100));
        while ((await TunnelAsync(credentials)).Connections is not { Count: 4 })
        {
            Assert.False(connector.HasExited, connector.Output);
            await timer.WaitForNextTickAsync(limit.Token);
        }
    }

    private static async Task<JsonElement> SendAsync(HttpClient api, HttpMethod method, string path, string body)
    {
        using var request = new HttpRequestMessage(method, path) { Content = new StringContent(body, Encoding.UTF8, "application/json") };
        using var response = await api.SendAsync(request);
        var answer = await response.Content.ReadAsStringAsync();
        Assert.True(response.IsSuccessStatusCode, answer);
        return JsonDocument.Parse(answer).RootElement;
    }

    private static async Task<string> HashAsync(string path)
    {
        await using var file = File.OpenRead(path);
        return Convert.ToHexStringLower(await SHA256.HashDataAsync(file));
    }
}
