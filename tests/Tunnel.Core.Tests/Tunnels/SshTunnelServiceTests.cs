using Tunnel.Access;
using Tunnel.Core.Connector;
using Tunnel.Core.Tunnels;
using Tunnel.Protocol.Configuration;
using Tunnel.Protocol.Credentials;
using Tunnel.Testing;

namespace Tunnel.Core.Tests.Tunnels;

public sealed class SshTunnelServiceTests : IAsyncLifetime
{
    private static readonly TimeSpan Limit = Eventually.Limit;
    private static readonly SshTunnelRequest Request = new() { Hostname = TunnelLab.Hostname, Url = "ssh://127.0.0.1:2222" };
    private TunnelLab _lab = null!;

    public async ValueTask InitializeAsync() => _lab = await TunnelLab.StartAsync();

    public ValueTask DisposeAsync() => _lab.DisposeAsync();

    [Fact]
    public async Task One_call_makes_credentials_route_and_a_healthy_tunnel()
    {
        var events = new List<ConnectorState>();
        var tunnel = await _lab.Tunnels.StartAsync(Request);
        tunnel.StateChanged += (_, change) =>
        {
            lock (events)
            {
                events.Add(change.State);
            }
        };
        await tunnel.WaitAsync(Limit);
        Assert.Equal(ConnectorState.Healthy, tunnel.State);
        Assert.Equal((TunnelLab.Hostname, TunnelLab.Hostname, "ssh://127.0.0.1:2222"), (tunnel.Name, tunnel.Hostname, tunnel.Url));
        Assert.Equal(4, tunnel.Connections.Count(static c => c.IsRegistered));
        Assert.Same(tunnel, Assert.Single(_lab.Tunnels.Running));

        var credentials = TunnelCredentials.Parse(await File.ReadAllBytesAsync(tunnel.CredentialsFile!));
        Assert.Equal(tunnel.Id, credentials.TunnelId);
        var configuration = TunnelConfiguration.ParseYaml(await File.ReadAllTextAsync(tunnel.ConfigurationFile!));
        Assert.Equal("ssh://127.0.0.1:2222", configuration.Ingress.Match(TunnelLab.Hostname, "/").Service.ToString());
        Assert.Equal(404, configuration.Ingress.Match("other.example.test", "/").Service.StatusCode);
        Assert.Equal(tunnel.Id, Assert.Single(await _lab.RecordsAsync()).TunnelId);
        Assert.Equal("healthy", Assert.Single(await _lab.TunnelsAsync()).Status);
        Assert.Contains("has no policy", Assert.Single(tunnel.Warnings), StringComparison.Ordinal);
        if (!OperatingSystem.IsWindows())
        {
            const UnixFileMode mode = UnixFileMode.UserRead | UnixFileMode.UserWrite;
            Assert.Equal(mode, File.GetUnixFileMode(tunnel.CredentialsFile!));
            Assert.Equal(mode | UnixFileMode.UserExecute, File.GetUnixFileMode(_lab.Directory));
        }

        await _lab.Tunnels.StopAsync(tunnel, TimeSpan.Zero);
        Assert.Equal(ConnectorState.Stopped, tunnel.State);
        Assert.False(tunnel.IsRunningHere);
        Assert.Empty(_lab.Tunnels.Running);
        Assert.Contains(ConnectorState.Stopped, events);
    }

    [Fact]
    public async Task A_visitor_gets_through_to_the_origin()
    {
        const string hostname = "open.example.test";
        var token = await _lab.Edge.ProtectWithTokenAsync(hostname);
        await using var origin = new OriginListener();
        var tunnel = await _lab.Tunnels.StartAsync(new SshTunnelRequest { Hostname = hostname, Url = $"tcp://127.0.0.1:{origin.Port}" });
        await tunnel.WaitAsync(Limit);
        await using var stream = await _lab.Edge.VisitAsync(hostname, token);
        await Eventually.True(() => origin.Connections > 0, "the origin saw a connection");
    }

    [Fact]
    public async Task The_same_request_twice_gives_the_same_tunnel()
    {
        var tunnel = await _lab.Tunnels.StartAsync(Request);
        Assert.Same(tunnel, await _lab.Tunnels.StartAsync(Request with { Hostname = "SSH.example.test." }));
        Assert.Same(tunnel, await _lab.Tunnels.StartAsync(Request with { Name = tunnel.Name }));
        Assert.Single(await _lab.TunnelsAsync());
    }

    [Fact]
    public async Task At_the_same_time_it_is_started_once()
    {
        var tunnels = await Task.WhenAll(Enumerable.Range(0, 5).Select(_ => _lab.Tunnels.StartAsync(Request)));
        Assert.Single(tunnels.Distinct());
        Assert.Single(await _lab.TunnelsAsync());
    }

    [Fact]
    public async Task A_running_hostname_does_not_get_another_origin_or_tunnel()
    {
        await _lab.Tunnels.StartAsync(Request);
        await Refused(SshTunnelError.HostnameTaken, Request with { Url = "ssh://127.0.0.1:3333" });
        await Refused(SshTunnelError.HostnameTaken, Request with { Name = "another" });
        await _lab.Edge.ProtectAsync("two.example.test");
        await Refused(SshTunnelError.TunnelTaken, Request with { Hostname = "two.example.test", Name = TunnelLab.Hostname });
    }

    [Fact]
    public async Task A_stopped_tunnel_starts_again_with_the_same_credentials()
    {
        var first = await _lab.Tunnels.StartAsync(Request);
        await first.WaitAsync(Limit);
        var bytes = await File.ReadAllBytesAsync(first.CredentialsFile!);
        await _lab.Tunnels.StopAsync(first, TimeSpan.Zero);
        var second = await _lab.Tunnels.StartAsync(Request with { Url = "ssh://127.0.0.1:2223" });
        await second.WaitAsync(Limit);
        Assert.Equal(first.Id, second.Id);
        Assert.Equal(bytes, await File.ReadAllBytesAsync(first.CredentialsFile!));
        Assert.Single(await _lab.TunnelsAsync());
    }

    [Fact]
    public async Task Credentials_that_are_not_on_this_machine_are_fetched()
    {
        var secret = (await _lab.Edge.AddTunnelAsync(TunnelLab.Hostname)).TunnelSecret;
        var plan = await _lab.Tunnels.PlanAsync(Request);
        Assert.Contains("Fetch the credentials", plan.Steps[0], StringComparison.Ordinal);
        var tunnel = await _lab.Tunnels.StartAsync(Request);
        await tunnel.WaitAsync(Limit);
        Assert.Equal(secret, TunnelCredentials.Parse(await File.ReadAllBytesAsync(tunnel.CredentialsFile!)).TunnelSecret);
        Assert.Single(await _lab.TunnelsAsync());
    }

    [Fact]
    public async Task A_plan_says_each_step_in_one_line_and_changes_nothing()
    {
        var plan = await _lab.Tunnels.PlanAsync(Request);
        Assert.Collection(
            plan.Steps,
            step => Assert.StartsWith($"Create the tunnel '{TunnelLab.Hostname}'", step, StringComparison.Ordinal),
            step => Assert.Equal($"Route {TunnelLab.Hostname} to the tunnel '{TunnelLab.Hostname}' in the zone example.test.", step),
            step => Assert.Equal($"Run a connector with 4 connections that carries {TunnelLab.Hostname} to ssh://127.0.0.1:2222.", step));
        Assert.DoesNotContain(plan.Steps, static s => s.Contains('\n', StringComparison.Ordinal));
        Assert.Empty(await _lab.TunnelsAsync());
        Assert.Empty(await _lab.RecordsAsync());
        Assert.False(Directory.Exists(_lab.Directory));
    }

    [Fact]
    public async Task Removing_leaves_nothing()
    {
        var tunnel = await _lab.Tunnels.StartAsync(Request);
        await tunnel.WaitAsync(Limit);
        Assert.Equal(3, SshTunnelService.PlanRemoval(tunnel).Count);
        await _lab.Tunnels.RemoveAsync(tunnel, TimeSpan.Zero);
        await _lab.Tunnels.RemoveAsync(tunnel);
        Assert.Empty(await _lab.TunnelsAsync());
        Assert.Empty(await _lab.RecordsAsync());
        Assert.Empty(_lab.Files());
        Assert.Equal(ConnectorState.Stopped, tunnel.State);
    }

    [Fact]
    public async Task A_tunnel_of_another_session_is_listed_and_can_be_removed()
    {
        var started = await _lab.Tunnels.StartAsync(Request);
        await started.WaitAsync(Limit);
        await using var other = _lab.Service();
        var tunnel = await other.GetAsync(TunnelLab.Hostname);
        Assert.Equal((ConnectorState.Healthy, false, TunnelLab.Hostname), (tunnel.State, tunnel.IsRunningHere, tunnel.Hostname));
        await Assert.ThrowsAsync<SshTunnelException>(() => other.StopAsync(tunnel));
        await Assert.ThrowsAsync<SshTunnelException>(() => tunnel.WaitAsync(Limit));
        await _lab.Tunnels.StopAsync(started, TimeSpan.Zero);
        await other.RemoveAsync(tunnel);
        Assert.Empty(await _lab.RecordsAsync());
        Assert.Equal(SshTunnelError.NotFound, (await Assert.ThrowsAsync<SshTunnelException>(() => other.GetAsync("ssh.example.test"))).Error);
    }

    [Fact]
    public async Task A_tunnel_whose_hostname_is_not_known_here_is_removed_with_its_routes()
    {
        await _lab.Edge.AddTunnelAsync("elsewhere.example.test");
        var tunnel = await _lab.Tunnels.GetAsync("elsewhere.example.test");
        Assert.Null(tunnel.Hostname);
        await _lab.Tunnels.RemoveAsync(tunnel);
        Assert.Empty(await _lab.RecordsAsync());
    }

    [Fact]
    public async Task Waiting_ends_with_the_reason_when_the_edge_does_not_answer()
    {
        var tunnel = await _lab.Service(options => new TunnelConnector(options with
        {
            EdgeAddresses = [new System.Net.DnsEndPoint("127.0.0.1", 1)],
        })).StartAsync(Request);
        var e = await Assert.ThrowsAsync<SshTunnelException>(() => tunnel.WaitAsync(TimeSpan.FromMilliseconds(200)));
        Assert.Equal(SshTunnelError.Timeout, e.Error);
        Assert.Contains("after 0.2 s", e.Message, StringComparison.Ordinal);
    }

    [Fact]
    public async Task A_bypass_policy_is_warned_of()
    {
        await _lab.Edge.ProtectAsync("open.example.test", EdgeLab.Policy(AccessDecision.Bypass, new EveryoneRule()));
        var plan = await _lab.Tunnels.PlanAsync(Request with { Hostname = "open.example.test" });
        Assert.Contains("bypass", Assert.Single(plan.Warnings), StringComparison.Ordinal);
    }

    private async Task Refused(SshTunnelError error, SshTunnelRequest request) =>
        Assert.Equal(error, (await Assert.ThrowsAsync<SshTunnelException>(() => _lab.Tunnels.StartAsync(request))).Error);
}
