using System.Text.Json;
using Tunnel.Core.Api;
using Tunnel.Protocol.Credentials;
using Tunnel.Testing;

namespace Tunnel.EndToEnd.Tests;

/// <summary>
/// The commands of Cloudflare's own program that manage tunnels, against our edge's API, signed in with an origin
/// certificate. Skipped where it is not installed.
/// </summary>
public sealed class CloudflaredCommandTests : IAsyncLifetime
{
    private const string Hostname = "ssh.example.test";

    private readonly TemporaryDirectory _directory = new();
    private EdgeLab _lab = null!;
    private string _zone = null!;

    public async ValueTask InitializeAsync()
    {
        Cloudflared.SkipUnlessInstalled();
        _lab = await EdgeLab.StartAsync();
        _zone = (await _lab.Api.Zones.ListAsync().SingleAsync()).Id;
        await File.WriteAllTextAsync(
            _directory.File("cert.pem"), new OriginCertificate(_zone, _lab.Edge.AccountId, _lab.Edge.ApiToken).ToPem());
    }

    public async ValueTask DisposeAsync()
    {
        if (_lab is not null)
        {
            await _lab.DisposeAsync();
        }

        _directory.Dispose();
    }

    [Fact]
    public async Task Tunnels_are_created_listed_and_deleted()
    {
        var created = await TunnelAsync("create", "home");
        Assert.Contains("Created tunnel home", created.Output + created.Error, StringComparison.Ordinal);
        var tunnel = Assert.Single(await TunnelsAsync());
        var credentials = TunnelCredentials.Parse(await File.ReadAllBytesAsync(_directory.File($"{tunnel.Id}.json")));
        Assert.Equal((_lab.Edge.AccountId, Guid.Parse(tunnel.Id)), (credentials.AccountTag, credentials.TunnelId));

        Assert.Contains("already exists", (await FailAsync("create", "home")).Error, StringComparison.Ordinal);
        await TunnelAsync("create", "office");
        using (var listed = JsonDocument.Parse((await TunnelAsync("list", "--output", "json")).Output))
        {
            Assert.Equal(["home", "office"], listed.RootElement.EnumerateArray().Select(t => t.GetProperty("name").GetString()!).Order());
        }

        Assert.Contains("home", (await TunnelAsync("list", "--name-prefix", "ho")).Output, StringComparison.Ordinal);
        Assert.DoesNotContain("office", (await TunnelAsync("list", "--name-prefix", "ho")).Output, StringComparison.Ordinal);

        await TunnelAsync("delete", "home");
        Assert.Equal("office", Assert.Single(await TunnelsAsync()).Name);
        Assert.False(File.Exists(_directory.File($"{tunnel.Id}.json")));
        Assert.Contains("home", (await TunnelAsync("list", "--show-deleted")).Output, StringComparison.Ordinal);
    }

    [Fact]
    public async Task A_token_is_the_one_that_the_api_gives()
    {
        await TunnelAsync("create", "home");
        var tunnel = Assert.Single(await TunnelsAsync());

        var token = (await TunnelAsync("token", "home")).Output.Trim();

        Assert.Equal(await _lab.Api.Tunnels.GetTokenAsync(_lab.Edge.AccountId, Guid.Parse(tunnel.Id)), token);
        await TunnelAsync("token", "--cred-file", _directory.File("fetched.json"), "home");
        Assert.Equal(
            TunnelToken.Parse(token).TunnelSecret,
            TunnelCredentials.Parse(await File.ReadAllBytesAsync(_directory.File("fetched.json"))).TunnelSecret);
    }

    [Fact]
    public async Task A_hostname_is_routed_and_overwritten_only_when_asked()
    {
        await TunnelAsync("create", "home");
        await TunnelAsync("create", "office");

        var added = await TunnelAsync("route", "dns", "home", Hostname);
        Assert.Contains($"Added CNAME {Hostname}", added.Output + added.Error, StringComparison.Ordinal);
        var again = await TunnelAsync("route", "dns", "home", Hostname);
        Assert.Contains("already configured", again.Output + again.Error, StringComparison.Ordinal);
        Assert.Contains("1003", (await FailAsync("route", "dns", "office", Hostname)).Error, StringComparison.Ordinal);
        Assert.Equal(await IdAsync("home"), await RoutedToAsync());

        await TunnelAsync("route", "dns", "--overwrite-dns", "office", Hostname);

        Assert.Equal(await IdAsync("office"), await RoutedToAsync());
    }

    [Fact]
    public async Task A_tunnel_that_runs_by_its_name_is_described_cleaned_up_and_deleted_by_force()
    {
        await TunnelAsync("create", "home");
        var id = await IdAsync("home");
        await using var connector = Cloudflared.Run(_lab, _directory, "home", "http_status:204");
        var client = await FourConnectionsAsync(id, connector);
        var info = await TunnelAsync("info", "home");
        Assert.Contains(client.Id, info.Output, StringComparison.Ordinal);
        Assert.Contains("4xLOC", info.Output, StringComparison.Ordinal);
        Assert.Contains("active connections", (await FailAsync("delete", "home")).Error, StringComparison.OrdinalIgnoreCase);

        await TunnelAsync("cleanup", "--connector-id", Guid.NewGuid().ToString(), "home");
        Assert.Equal(Ids(client), Ids(await FourConnectionsAsync(id, connector)));
        await TunnelAsync("cleanup", "--connector-id", client.Id, "home");
        Assert.Empty(Ids(await FourConnectionsAsync(id, connector)).Intersect(Ids(client)));

        await TunnelAsync("delete", "--force", "home");
        Assert.Empty(await TunnelsAsync());
        Assert.Empty(await _lab.Api.Tunnels.ListConnectionsAsync(_lab.Edge.AccountId, id).ToListAsync());

        static IEnumerable<string> Ids(TunnelClientInfo client) => client.Conns!.Select(c => c.Id).Order();
    }

    /// <summary>Waits until the API shows them.</summary>
    private async Task<TunnelClientInfo> FourConnectionsAsync(Guid id, RunningProgram connector)
    {
        using var limit = new CancellationTokenSource(TimeSpan.FromSeconds(60));
        using var timer = new PeriodicTimer(TimeSpan.FromMilliseconds(100));
        while (true)
        {
            var clients = await _lab.Api.Tunnels.ListConnectionsAsync(_lab.Edge.AccountId, id, limit.Token).ToListAsync(limit.Token);
            if (clients is [{ Conns.Count: 4 } client])
            {
                return client;
            }

            Assert.False(connector.HasExited, connector.Output);
            await timer.WaitForNextTickAsync(limit.Token);
        }
    }

    private async Task<Guid> IdAsync(string name) =>
        Guid.Parse((await TunnelsAsync()).Single(t => t.Name == name).Id);

    private async Task<Guid?> RoutedToAsync() =>
        (await _lab.Api.DnsRecords.ListAsync(_zone, new DnsRecordFilter { Name = Hostname }).SingleAsync()).TunnelId;

    private Task<List<TunnelInfo>> TunnelsAsync() => _lab.Api.Tunnels.ListAsync(_lab.Edge.AccountId).ToListAsync().AsTask();

    private async Task<ProcessResult> TunnelAsync(params string[] arguments)
    {
        var result = await Cloudflared.TunnelAsync(_lab, _directory, arguments);
        Assert.True(result.ExitCode == 0, $"cloudflared tunnel {string.Join(' ', arguments)}: {result}");
        return result;
    }

    private async Task<ProcessResult> FailAsync(params string[] arguments)
    {
        var result = await Cloudflared.TunnelAsync(_lab, _directory, arguments);
        Assert.True(result.ExitCode != 0, $"cloudflared tunnel {string.Join(' ', arguments)}: {result}");
        return result;
    }
}
