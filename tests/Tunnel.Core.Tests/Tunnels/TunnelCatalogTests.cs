using Tunnel.Core.Api;
using Tunnel.Core.Applications;
using Tunnel.Core.Tunnels;
using Tunnel.Protocol.Credentials;
using Tunnel.Testing;

namespace Tunnel.Core.Tests.Tunnels;

public sealed class TunnelCatalogTests : IAsyncLifetime
{
    private TunnelLab _lab = null!;
    private TunnelCatalog _tunnels = null!;
    private RouteCatalog _routes = null!;

    public async ValueTask InitializeAsync()
    {
        _lab = await TunnelLab.StartAsync(protect: false);
        _tunnels = new TunnelCatalog(_lab.Account);
        _routes = new RouteCatalog(_lab.Account);
    }

    public ValueTask DisposeAsync() => _lab.DisposeAsync();

    [Fact]
    public async Task The_same_request_twice_gives_the_same_tunnel_and_another_kind_is_refused()
    {
        var tunnel = await EnsureAsync("home");
        Assert.Equal(tunnel.Id, (await EnsureAsync("home")).Id);

        var e = await Assert.ThrowsAsync<ResourceConflictException>(() => EnsureAsync("home", isRemotelyManaged: true));

        Assert.Contains("Set-TunnelConfiguration", e.Message, StringComparison.Ordinal);
        Assert.Equal("cloudflare", (await EnsureAsync("remote", isRemotelyManaged: true)).ConfigSrc);
        await Assert.ThrowsAsync<ArgumentException>(() => EnsureAsync(Guid.NewGuid().ToString()));
    }

    [Fact]
    public async Task A_tunnel_is_found_by_name_and_by_id()
    {
        var tunnel = await EnsureAsync("home");
        Assert.Equal(tunnel.Id, (await _tunnels.GetAsync("home", default)).Id);
        Assert.Equal("home", (await _tunnels.GetAsync(tunnel.Id, default)).Name);
        await Assert.ThrowsAsync<ResourceNotFoundException>(() => _tunnels.GetAsync("none", default));
        await Assert.ThrowsAsync<ResourceNotFoundException>(() => _tunnels.GetAsync(Guid.NewGuid().ToString(), default));
    }

    [Fact]
    public async Task A_tunnel_that_runs_is_removed_only_by_force_and_with_all_its_routes_and_no_others()
    {
        var other = await RouteAsync("other.example.test", await EnsureAsync("other"));
        var credentials = await _lab.Edge.AddTunnelAsync("a.example.test");
        var tunnel = await _tunnels.GetAsync(credentials.TunnelId.ToString(), default);
        await RouteAsync("b.example.test", tunnel);
        await AddRecordAsync("A", "c.example.test", "192.0.2.1");
        await _lab.Edge.ConnectAsync(credentials, "a.example.test", "ssh://127.0.0.1:22");
        Assert.Equal(4, await _tunnels.ListConnectionsAsync(tunnel).CountAsync());

        var e = await Assert.ThrowsAsync<ResourceConflictException>(() => _lab.Tunnels.RemoveAsync(tunnel, force: false));
        Assert.Contains("-Force", e.Message, StringComparison.Ordinal);
        Assert.Equal(4, (await _lab.RecordsAsync()).Count);

        await _lab.Tunnels.RemoveAsync(tunnel, force: true);

        Assert.Equal(["c.example.test", other.Hostname], (await _lab.RecordsAsync()).Select(r => r.Name).Order());
        Assert.Equal("other", Assert.Single(await _lab.TunnelsAsync()).Name);
    }

    [Fact]
    public async Task Ended_connections_are_gone_and_a_connector_that_runs_dials_again()
    {
        var credentials = await _lab.Edge.AddTunnelAsync("a.example.test");
        var connector = await _lab.Edge.ConnectAsync(credentials, "a.example.test", "ssh://127.0.0.1:22");
        var tunnel = await _tunnels.GetAsync(credentials.TunnelId.ToString(), default);
        var before = await _tunnels.ListConnectionsAsync(tunnel).Select(static c => c.Id).ToListAsync();

        await _tunnels.DisconnectAsync(tunnel, Guid.NewGuid(), default);
        Assert.Equal(before.Order(), (await _tunnels.ListConnectionsAsync(tunnel).Select(static c => c.Id).ToListAsync()).Order());
        await _tunnels.DisconnectAsync(tunnel, null, default);

        Assert.Empty((await _tunnels.ListConnectionsAsync(tunnel).Select(static c => c.Id).ToListAsync()).Intersect(before));
        using var limit = new CancellationTokenSource(Eventually.Limit);
        await connector.WaitUntilHealthyAsync(4, limit.Token);
    }

    [Fact]
    public async Task With_another_secret_the_old_credentials_are_refused()
    {
        var tunnel = await EnsureAsync("home");
        var before = TunnelToken.Parse(await _tunnels.GetTokenAsync(tunnel, default));

        await _lab.Tunnels.ResetSecretAsync(tunnel);

        var after = TunnelToken.Parse(await _tunnels.GetTokenAsync(tunnel, default));
        Assert.NotEqual(before.TunnelSecret, after.TunnelSecret);
        Assert.Empty(_lab.Files());
        await Assert.ThrowsAnyAsync<Exception>(() => _lab.Edge.ConnectAsync(before, "a.example.test", "ssh://127.0.0.1:22", connections: 1));
        await _lab.Edge.ConnectAsync(after, "a.example.test", "ssh://127.0.0.1:22", connections: 1);
    }

    [Fact]
    public async Task A_route_is_made_once_and_taken_from_nobody_unless_by_force()
    {
        var (home, office) = (await EnsureAsync("home"), await EnsureAsync("office"));
        var route = await RouteAsync("SSH.example.test.", home);
        Assert.Equal(("ssh.example.test", "home", "example.test", true), (route.Hostname, route.TunnelName, route.Zone, route.Proxied));
        Assert.Equal(route, await RouteAsync("ssh.example.test", home));
        var record = await AddRecordAsync("A", "www.example.test", "192.0.2.1");

        Assert.Contains("'home'", (await Assert.ThrowsAsync<ResourceConflictException>(
            () => RouteAsync("ssh.example.test", office))).Message, StringComparison.Ordinal);
        Assert.Contains("192.0.2.1", (await Assert.ThrowsAsync<ResourceConflictException>(
            () => RouteAsync("www.example.test", office))).Message, StringComparison.Ordinal);
        Assert.Contains(await _lab.RecordsAsync(), r => r.Id == record.Id && r.Content == "192.0.2.1");
        await Assert.ThrowsAsync<ResourceNotFoundException>(() => RouteAsync("ssh.elsewhere.test", home));

        Assert.Equal("office", (await RouteAsync("ssh.example.test", office, force: true)).TunnelName);
        Assert.Equal("office", (await RouteAsync("www.example.test", office, force: true)).TunnelName);
        Assert.Equal("*.example.test", (await RouteAsync("*.example.test", home)).Hostname);
        Assert.Equal(2, await _routes.ListAsync(Guid.Parse(office.Id)).CountAsync());
        Assert.Equal(3, await _routes.ListAsync().CountAsync());
    }

    [Fact]
    public async Task The_route_of_a_deleted_tunnel_is_shown_as_such_and_free_to_take()
    {
        var (gone, home) = (await EnsureAsync("gone"), await EnsureAsync("home"));
        await RouteAsync("ssh.example.test", gone);
        await _lab.Api.Tunnels.DeleteAsync(_lab.AccountId, Guid.Parse(gone.Id));
        Assert.Null((await _routes.ListAsync().SingleAsync()).TunnelName);

        var plan = await _routes.PlanAsync("ssh.example.test", home, force: false, default);

        Assert.Single(plan.Warnings);
        Assert.Equal("home", (await _routes.ApplyAsync(plan, default)).TunnelName);
    }

    [Fact]
    public async Task A_route_is_removed_and_a_record_that_is_no_tunnels_is_not()
    {
        var tunnel = await EnsureAsync("home");
        var route = await RouteAsync("ssh.example.test", tunnel);
        await AddRecordAsync("A", "www.example.test", "192.0.2.1");
        await Assert.ThrowsAsync<ResourceNotFoundException>(() => _routes.GetAsync("www.example.test", default));

        // Changed by somebody since it was read.
        await _lab.Api.DnsRecords.UpdateAsync(route.ZoneId, new DnsRecord
        {
            Id = route.RecordId, Type = "CNAME", Name = route.Hostname, Content = "x.example.net", Ttl = 1,
        });
        await Assert.ThrowsAsync<ResourceConflictException>(() => _routes.RemoveAsync(route, default));
        Assert.Equal(2, (await _lab.RecordsAsync()).Count);

        var again = await RouteAsync("ssh.example.test", tunnel, force: true);
        await _routes.RemoveAsync(again, default);
        await _routes.RemoveAsync(again, default);
        Assert.Equal("www.example.test", Assert.Single(await _lab.RecordsAsync()).Name);
    }

    [Fact]
    public async Task A_route_without_a_rule_is_warned_of()
    {
        var tunnel = await EnsureAsync("home", isRemotelyManaged: true);
        var configurations = new TunnelConfigurationCatalog(_lab.Account, _lab.Directory);
        await configurations.SetAsync(
            tunnel, TunnelConfigurationCatalog.WithRule(null, "ssh.example.test", "ssh://localhost:22"), false, default);

        Assert.Empty((await _routes.PlanAsync("ssh.example.test", tunnel, false, default)).Warnings);
        Assert.Contains("no rule for www.example.test", Assert.Single(
            (await _routes.PlanAsync("www.example.test", tunnel, false, default)).Warnings), StringComparison.Ordinal);
    }

    private Task<TunnelInfo> EnsureAsync(string name, bool isRemotelyManaged = false) =>
        _tunnels.EnsureAsync(name, isRemotelyManaged, default);

    private async Task<TunnelRoute> RouteAsync(string hostname, TunnelInfo tunnel, bool force = false) =>
        await _routes.ApplyAsync(await _routes.PlanAsync(hostname, tunnel, force, default), default);

    private async Task<DnsRecord> AddRecordAsync(string type, string name, string content) =>
        await _lab.Api.DnsRecords.CreateAsync(
            await _lab.ZoneIdAsync(), new DnsRecord { Type = type, Name = name, Content = content, Ttl = 1 });
}
