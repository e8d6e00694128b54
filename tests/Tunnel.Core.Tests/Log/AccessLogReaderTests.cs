using Tunnel.Core.Api;
using Tunnel.Core.Log;
using Tunnel.Testing;

namespace Tunnel.Core.Tests.Log;

/// <summary>The request log of a real edge, written by real visits.</summary>
public sealed class AccessLogReaderTests : IAsyncLifetime
{
    private const string Hostname = "ssh.example.test";

    private EdgeLab _lab = null!;
    private ServiceToken _token = null!;

    private AccessLogReader Reader => new(_lab.Api, _lab.Edge.AccountId, new AccessLogReaderOptions
    {
        PollInterval = TimeSpan.FromMilliseconds(50), MaxPollInterval = TimeSpan.FromMilliseconds(50),
    });

    public async ValueTask InitializeAsync()
    {
        _lab = await EdgeLab.StartAsync();
        _token = await _lab.ProtectWithTokenAsync(Hostname);
    }

    public ValueTask DisposeAsync() => _lab.DisposeAsync();

    [Fact]
    public async Task Every_visit_is_in_it_with_the_ray_that_the_visitor_was_told()
    {
        var refused = await VisitAsync(null);
        var allowed = await VisitAsync(_token);
        var entries = await Reader.ListAsync(new AccessLogFilter(), TestContext.Current.CancellationToken).ToListAsync(TestContext.Current.CancellationToken);
        Assert.Equal([allowed, refused], entries.Select(e => e.RayId));
        Assert.Equal([true, false], entries.Select(e => e.Allowed));
        Assert.Equal((_token.Name, "nonidentity", Hostname, "127.0.0.1"),
            (entries[0].ServiceTokenName, entries[0].Connection, entries[0].AppDomain, entries[0].IpAddress));
        Assert.All(entries, e => Assert.DoesNotContain(_token.ClientSecret!, e.ToString(), StringComparison.Ordinal));
        Assert.Equal(refused, (await Reader.ListAsync(new AccessLogFilter { Allowed = false }, TestContext.Current.CancellationToken)
            .SingleAsync(TestContext.Current.CancellationToken)).RayId);
    }

    [Fact]
    public async Task More_than_a_page_comes_whole_and_once_in_either_order()
    {
        var rays = new List<string>();
        for (var i = 0; i < 130; i++)
        {
            rays.Add(await VisitAsync(null));
        }

        foreach (var isAscending in (bool[])[true, false])
        {
            var entries = await Reader.ListAsync(new AccessLogFilter { IsAscending = isAscending }, TestContext.Current.CancellationToken)
                .Select(e => e.RayId!).ToListAsync(TestContext.Current.CancellationToken);
            Assert.Equal(isAscending ? rays : Enumerable.Reverse(rays), entries);
        }
    }

    [Fact]
    public async Task Following_shows_what_was_last_and_each_that_comes_once()
    {
        var expected = new List<string> { await VisitAsync(null), await VisitAsync(null) };
        var seen = new List<string>();
        await foreach (var entry in Reader.FollowAsync(new AccessLogFilter(), TestContext.Current.CancellationToken))
        {
            seen.Add(entry.RayId!);
            if (seen.Count is 2 or 3)
            {
                expected.Add(await VisitAsync(null));
            }

            if (seen.Count == 4)
            {
                break;
            }
        }

        Assert.Equal(expected, seen);
    }

    [Fact]
    public async Task Following_stops_when_it_is_cancelled()
    {
        using var stop = new CancellationTokenSource(TimeSpan.FromMilliseconds(300));
        await Assert.ThrowsAnyAsync<OperationCanceledException>(async () =>
            await Reader.FollowAsync(new AccessLogFilter(), stop.Token).CountAsync(TestContext.Current.CancellationToken));
    }

    private async Task<string> VisitAsync(ServiceToken? token)
    {
        using var browser = _lab.Browser();
        using var request = new HttpRequestMessage(HttpMethod.Get, $"https://{Hostname}/");
        if (token is not null)
        {
            request.Headers.Add("CF-Access-Client-Id", token.ClientId);
            request.Headers.Add("CF-Access-Client-Secret", token.ClientSecret);
        }

        using var response = await browser.SendAsync(request, TestContext.Current.CancellationToken);
        return response.Headers.GetValues("Cf-Ray").Single();
    }
}
