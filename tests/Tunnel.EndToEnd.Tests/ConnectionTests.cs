using System.Net;
using System.Net.Http.Json;
using System.Security.Cryptography;
using System.Text.Json;
using Tunnel.Core.Connector;
using Tunnel.Protocol.Credentials;
using Tunnel.Testing;

namespace Tunnel.EndToEnd.Tests;

/// <summary>How a connector keeps, loses and regains its connections.</summary>
public sealed class ConnectionTests : IAsyncLifetime
{
    private const string Hostname = "tcp.example.test";
    private readonly OriginListener _echo = new();
    private EdgeLab _lab = null!;

    public async ValueTask InitializeAsync() => _lab = await EdgeLab.StartAsync();

    public async ValueTask DisposeAsync()
    {
        await _lab.DisposeAsync();
        await _echo.DisposeAsync();
    }

    [Fact]
    public async Task Four_connections_are_registered_and_the_API_shows_them()
    {
        var credentials = await _lab.AddTunnelAsync(Hostname);
        var connector = await _lab.ConnectAsync(credentials, Hostname, _echo.Url);

        Assert.Equal(ConnectorState.Healthy, connector.State);
        var tunnel = await _lab.Api.Tunnels.GetAsync(_lab.Edge.AccountId, credentials.TunnelId);
        Assert.Equal(("healthy", 4), (tunnel.Status, tunnel.Connections!.Count));
        // The first connection says it once it is registered.
        await Eventually.True(
            async () => $"{(await _lab.Api.Tunnels.GetConfigurationAsync(_lab.Edge.AccountId, credentials.TunnelId)).Config}".Contains(Hostname, StringComparison.Ordinal),
            "the API shows its rules");
    }

    [Theory]
    [InlineData(200)]
    [InlineData(204)]
    [InlineData(304)]
    [InlineData(404)]
    public async Task A_rule_that_answers_by_itself_is_answered_with_its_status(int status)
    {
        await _lab.PublishAsync(Hostname, $"http_status:{status}", connections: 1);
        using var visitor = _lab.Browser();

        using var answer = await visitor.GetAsync(new Uri($"https://{Hostname}/"));

        Assert.Equal((status, ""), ((int)answer.StatusCode, await answer.Content.ReadAsStringAsync()));
    }

    [Fact]
    public async Task Losing_a_connection_loses_nothing_that_runs_on_another()
    {
        var proxies = Enumerable.Range(0, 4).Select(_ => new TcpProxy(_lab.Edge.TunnelEndPoint)).ToArray();
        var credentials = await _lab.AddTunnelAsync(Hostname);
        await using var connector = new TunnelConnector(_lab.Options(credentials, Hostname, _echo.Url) with
        {
            EdgeAddresses = [.. proxies.Select(proxy => proxy.Address)],
        });
        await connector.StartAsync();
        await connector.WaitUntilHealthyAsync(4);

        await using (var stream = await _lab.VisitAsync(Hostname))
        {
            var busy = (IPEndPoint)connector.Connections.Single(connection => connection.OpenStreams > 1).EdgeEndPoint!;
            var data = RandomNumberGenerator.GetBytes(32 * 1024 * 1024);
            var answer = new byte[data.Length];
            var writing = stream.WriteAsync(data).AsTask();
            await stream.ReadExactlyAsync(answer.AsMemory(0, data.Length / 4));
            foreach (var proxy in proxies.Where(proxy => proxy.Address.Port != busy.Port))
            {
                proxy.Cut();
            }

            await stream.ReadExactlyAsync(answer.AsMemory(data.Length / 4));
            await writing;
            Assert.Equal(data, answer);
        }

        await connector.WaitUntilHealthyAsync(4);
        await connector.DisposeAsync();
        foreach (var proxy in proxies)
        {
            await proxy.DisposeAsync();
        }
    }

    [Fact]
    public async Task A_stream_for_a_connection_that_turns_out_dead_is_opened_on_another()
    {
        await using var bad = new TcpProxy(_lab.Edge.TunnelEndPoint);
        await using var good = new TcpProxy(_lab.Edge.TunnelEndPoint);
        var credentials = await _lab.AddTunnelAsync(Hostname);
        await using var connector = new TunnelConnector(_lab.Options(credentials, Hostname, _echo.Url) with
        {
            EdgeAddresses = [bad.Address, good.Address],
            Connections = 2,
        });
        await connector.StartAsync();
        await connector.WaitUntilHealthyAsync(2);

        bad.CutsOnUse = true;
        for (var visit = 0; visit < 4; visit++)
        {
            await using var stream = await _lab.VisitAsync(Hostname);
            await stream.WriteAsync("x"u8.ToArray());
            await stream.ReadExactlyAsync(new byte[1]);
        }

        // It is there again at once, by the other way.
        await Eventually.True(
            () => connector.Connections[0] is { IsRegistered: true, EdgeEndPoint: IPEndPoint at } && at.Port == good.Address.Port,
            "the dead connection is noticed");
    }

    [Fact]
    public async Task After_an_edge_restart_the_tunnel_is_healthy_again_without_help_and_the_state_is_kept()
    {
        var token = await _lab.ProtectWithTokenAsync(Hostname);
        var connector = await _lab.PublishAsync(Hostname, _echo.Url);

        await _lab.RestartEdgeAsync(() => Eventually.True(
            () => connector.State == ConnectorState.Down, "the connector notices that the edge is gone"));
        await connector.WaitUntilHealthyAsync(4);

        await using var stream = await _lab.VisitAsync(Hostname, token);
        await stream.WriteAsync("again"u8.ToArray());
        var answer = new byte[5];
        await stream.ReadExactlyAsync(answer);
        Assert.Equal("again"u8, answer);
    }

    [Fact]
    public async Task Wrong_credentials_end_a_connector_at_once()
    {
        var right = await _lab.AddTunnelAsync(Hostname);
        var wrong = right with { TunnelSecret = RandomNumberGenerator.GetBytes(32) };
        await using var connector = new TunnelConnector(_lab.Options(wrong, Hostname, _echo.Url));
        await connector.StartAsync();

        var error = await Assert.ThrowsAsync<ConnectorException>(() => connector.WaitUntilHealthyAsync());

        Assert.True(error.IsFinal);
        Assert.Contains("Unauthorized", error.Message, StringComparison.Ordinal);
        Assert.Equal(ConnectorState.Failed, connector.State);
    }

    [Fact]
    public async Task Another_accounts_tunnel_is_refused_with_the_same_words()
    {
        var right = await _lab.AddTunnelAsync(Hostname);
        var messages = new List<string>();
        foreach (var wrong in new TunnelCredentials[]
        {
            right with { AccountTag = new string('0', 32) },
            right with { TunnelId = Guid.NewGuid() },
            right with { TunnelSecret = [1, 2, 3] },
        })
        {
            await using var connector = new TunnelConnector(_lab.Options(wrong, Hostname, _echo.Url));
            await connector.StartAsync();
            messages.Add((await Assert.ThrowsAsync<ConnectorException>(() => connector.WaitUntilHealthyAsync())).Message);
        }

        Assert.Single(messages.Distinct());
    }

    [Fact]
    public async Task An_edge_that_nobody_vouches_for_is_not_told_the_secret()
    {
        var credentials = await _lab.AddTunnelAsync(Hostname);
        await using var connector = new TunnelConnector(
            _lab.Options(credentials, Hostname, _echo.Url) with { CertificateAuthorities = null });
        var messages = new List<string>();
        connector.StateChanged += (_, change) => messages.Add(change.Message);
        await connector.StartAsync();

        await Eventually.True(() => messages.Count > 0, "the connector says what is wrong");
        Assert.Contains("could not prove", messages[0], StringComparison.Ordinal);
        Assert.Equal(ConnectorState.Connecting, connector.State);
    }

    [Fact]
    public async Task The_rules_of_a_remotely_managed_tunnel_come_from_the_edge_now_and_at_each_change()
    {
        var (accounts, api) = ($"accounts/{_lab.Edge.AccountId}/cfd_tunnel", _lab.ApiHttp());
        using (api)
        {
            var made = await api.PostAsJsonAsync(accounts, new { name = "remote", config_src = "cloudflare" });
            var tunnel = JsonDocument.Parse(await made.Content.ReadAsStringAsync()).RootElement.GetProperty("result");
            var id = tunnel.GetProperty("id").GetString();
            await PutRulesAsync(1);
            await using var connector = new TunnelConnector(_lab.Options(
                TunnelToken.Parse(tunnel.GetProperty("token").GetString()!), Hostname, _echo.Url));
            await connector.StartAsync();

            await Eventually.True(() => RulePorts(connector).SequenceEqual([1]), "the rules of before arrive");
            await PutRulesAsync(2);
            await Eventually.True(() => RulePorts(connector).SequenceEqual([2]), "the change arrives");

            async Task PutRulesAsync(int port) => (await api.PutAsJsonAsync($"{accounts}/{id}/configurations", new
            {
                config = new
                {
                    ingress = new object[]
                    {
                        new { hostname = Hostname, service = $"tcp://127.0.0.1:{port}" },
                        new { service = "http_status:404" },
                    },
                },
            })).EnsureSuccessStatusCode();
        }

        static IEnumerable<int> RulePorts(TunnelConnector connector) =>
            connector.Configuration.Ingress.Where(rule => rule.Service.IsStream).Select(rule => rule.Service.Port);
    }

    [Fact]
    public async Task A_graceful_stop_lets_open_streams_end_and_takes_no_new_ones()
    {
        var connector = await _lab.PublishAsync(Hostname, _echo.Url, connections: 1);
        var stream = await _lab.VisitAsync(Hostname);
        await stream.WriteAsync("x"u8.ToArray());
        await stream.ReadExactlyAsync(new byte[1]);

        var stopping = connector.StopAsync(TimeSpan.FromMinutes(5));
        await Eventually.True(() => !IsListed(), "the edge no longer lists the connection");
        await stream.WriteAsync("still"u8.ToArray());
        var answer = new byte[5];
        await stream.ReadExactlyAsync(answer);
        Assert.Equal("still"u8, answer);
        Assert.False(stopping.IsCompleted);

        await stream.DisposeAsync();
        await stopping.WaitAsync(Eventually.Limit);
        Assert.Equal(ConnectorState.Stopped, connector.State);

        bool IsListed() => _lab.Api.Tunnels.ListAsync(_lab.Edge.AccountId)
            .FirstAsync().AsTask().GetAwaiter().GetResult().Connections is { Count: > 0 };
    }

    [Fact]
    public async Task A_stream_that_outlives_the_grace_period_is_cut_off()
    {
        var connector = await _lab.PublishAsync(Hostname, _echo.Url, connections: 1);
        await using var stream = await _lab.VisitAsync(Hostname);

        await connector.StopAsync(TimeSpan.FromMilliseconds(100)).WaitAsync(Eventually.Limit);

        Assert.Equal(ConnectorState.Stopped, connector.State);
    }
}
