using Tunnel.Core.Api;
using Tunnel.Core.Applications;
using Tunnel.Core.Tests.Api;
using Tunnel.Core.Zones;
using Tunnel.Testing;

namespace Tunnel.Core.Tests.Zones;

public sealed class ZoneCatalogTests : IAsyncLifetime
{
    private EdgeLab _lab = null!;
    private ZoneCatalog _zones = null!;

    public async ValueTask InitializeAsync()
    {
        _lab = await EdgeLab.StartAsync();
        _zones = new ZoneCatalog(_lab.Api, _lab.Edge.AccountId);
    }

    public ValueTask DisposeAsync() => _lab.DisposeAsync();

    [Fact]
    public async Task A_zone_is_found_by_name_and_by_id()
    {
        var zone = await _zones.GetAsync("EXAMPLE.test.", default);
        Assert.Equal(zone.Id, (await _zones.GetAsync(zone.Id, default)).Id);
        await Assert.ThrowsAsync<ResourceNotFoundException>(() => _zones.GetAsync("none.test", default));
    }

    [Fact]
    public async Task A_zone_that_is_there_is_not_made_again_however_its_name_is_written()
    {
        var zone = await _zones.GetAsync("example.test", default);
        Assert.Equal(zone.Id, (await _zones.EnsureAsync("Example.test.", default)).Id);
        Assert.Equal("second.test", (await _zones.EnsureAsync("second.test.", default)).Name);
    }

    [Fact]
    public async Task A_pending_zone_is_waited_for()
    {
        var zone = await _lab.Api.Zones.CreateAsync(_lab.Edge.AccountId, "partial.test", "partial");
        Assert.Equal("pending", zone.Status);
        var seen = new List<string?>();

        var active = await _zones.WaitAsync(zone, Eventually.Limit, new Seen(seen), default);

        Assert.Equal("active", active.Status);
        Assert.Equal(["pending", "active"], seen);
    }

    [Fact]
    public async Task Waiting_ends_with_the_name_servers_that_are_missing()
    {
        await using var scripted = await ScriptedApi.StartAsync((context, _) =>
            context.Request.Method == "PUT"
                // Cloudflare does not look twice within an hour.
                ? ScriptedApi.ErrorAsync(context, 400, 1224, "You may only perform this action once per hour.")
                : ScriptedApi.OkAsync(
                    context,
                    """{"id":"z1","name":"example.test","status":"pending","name_servers":["ada.ns.example","bob.ns.example"]}"""));
        using var api = scripted.Client();

        var e = await Assert.ThrowsAsync<TimeoutException>(() => new ZoneCatalog(api, "a1").WaitAsync(
            new Zone { Id = "z1", Name = "example.test" }, TimeSpan.FromSeconds(1), null, default));

        Assert.Contains("ada.ns.example, bob.ns.example", e.Message, StringComparison.Ordinal);
    }

    private sealed class Seen(List<string?> statuses) : IProgress<Zone>
    {
        public void Report(Zone value) => statuses.Add(value.Status);
    }
}
