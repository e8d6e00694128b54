using System.Diagnostics;
using System.Net;
using System.Net.Sockets;
using System.Text;
using Tunnel.Core.Api;
using Tunnel.Testing;

namespace Tunnel.Core.Tests.Api;

/// <summary>The client before a real edge, with something between them that breaks.</summary>
public sealed class FaultTests : IAsyncLifetime
{
    private EdgeLab _lab = null!;
    private FaultyApi _faulty = null!;
    private TunnelApiClient _api = null!;

    public async ValueTask InitializeAsync()
    {
        _lab = await EdgeLab.StartAsync();
        _faulty = await FaultyApi.StartAsync(_lab.ApiHttp());
        _api = Client();
    }

    public async ValueTask DisposeAsync()
    {
        _api.Dispose();
        await _faulty.DisposeAsync();
        await _lab.DisposeAsync();
    }

    [Theory]
    [InlineData(ApiFault.TooManyRequests)]
    [InlineData(ApiFault.TooManyRequestsRetryAfter)]
    [InlineData(ApiFault.ServerError)]
    [InlineData(ApiFault.BadGateway)]
    [InlineData(ApiFault.CutBefore)]
    [InlineData(ApiFault.CutAfter)]
    [InlineData(ApiFault.CutWithin)]
    [InlineData(ApiFault.Stalled)]
    [InlineData(ApiFault.ServerErrorAfter)]
    [InlineData(ApiFault.OtherJson)]
    public async Task What_may_be_sent_twice_succeeds_after_a_fault(ApiFault fault)
    {
        var zone = await ReadAsync(fault);
        var record = await _lab.Api.DnsRecords.CreateAsync(zone.Id, new DnsRecord
        {
            Type = "CNAME", Name = "a." + EdgeLab.Zone, Content = "one.example.com",
        });

        _faulty.FailOnce("PUT", fault);
        var changed = await _api.DnsRecords.UpdateAsync(zone.Id, record with { Content = "two.example.com" });
        Assert.Equal("two.example.com", changed.Content);

        _faulty.FailOnce("DELETE", fault);
        await _api.DnsRecords.DeleteAsync(zone.Id, record.Id);
        Assert.Equal(6, _faulty.Requests.Count);
        Assert.Empty(await ListAsync(_lab.Api.DnsRecords.ListAsync(zone.Id)));
    }

    [Theory]
    [InlineData(ApiFault.TooManyRequests, 0)]
    [InlineData(ApiFault.TooManyRequestsRetryAfter, 0)]
    [InlineData(ApiFault.ServerError, 0)]
    [InlineData(ApiFault.BadGateway, 0)]
    [InlineData(ApiFault.CutBefore, 0)]
    [InlineData(ApiFault.CutAfter, 1)]
    [InlineData(ApiFault.CutWithin, 1)]
    [InlineData(ApiFault.Stalled, 1)]
    [InlineData(ApiFault.ServerErrorAfter, 1)]
    [InlineData(ApiFault.OtherJson, 1)]
    [InlineData(ApiFault.OtherResult, 1)]
    public async Task A_creation_is_sent_once_whatever_happens(ApiFault fault, int made)
    {
        _faulty.FailOnce("POST", fault);
        var e = await Assert.ThrowsAsync<TunnelApiException>(() => _api.ServiceTokens.CreateAsync(_lab.Edge.AccountId, "ci"));
        Assert.NotEmpty(e.Advice);
        Assert.DoesNotContain("   at ", e.Message, StringComparison.Ordinal);
        Assert.Single(_faulty.Requests);
        Assert.Equal(made, _faulty.Reached.Count);
        Assert.Equal(made, (await ListAsync(_lab.Api.ServiceTokens.ListAsync(_lab.Edge.AccountId))).Count);
    }

    [Fact]
    public async Task A_creation_that_could_not_be_sent_is_tried_again()
    {
        // The port is closed when the first try comes, and open for one of the next.
        var port = LoopbackPort.Next();
        var retries = new RetrySignal();
        using var api = new TunnelApiClient(new TunnelApiOptions
        {
            Logger = retries,
            BaseAddress = new Uri($"http://127.0.0.1:{port}/client/v4/"),
            ApiToken = "t",
            Limits = new ApiLimits { MaxRetries = 10, RetryDelay = TimeSpan.FromMilliseconds(100) },
        });
        var creating = api.Zones.CreateAsync("a1", "b.test");
        await retries.First.WaitAsync(Eventually.Limit);
        using var later = new TcpListener(IPAddress.Loopback, port);
        later.Start();
        using var limit = new CancellationTokenSource(Eventually.Limit);
        using var client = await later.AcceptTcpClientAsync(limit.Token);
        var request = new byte[4096];
        await client.GetStream().ReadAtLeastAsync(request, 100);
        const string Body = """{"success":true,"errors":[],"messages":[],"result":{"id":"z1","name":"b.test"}}""";
        await client.GetStream().WriteAsync(Encoding.ASCII.GetBytes(
            $"HTTP/1.1 200 OK\r\nContent-Type: application/json\r\nContent-Length: {Body.Length}\r\nConnection: close\r\n\r\n{Body}"));
        Assert.Equal("z1", (await creating).Id);
    }

    [Fact]
    public async Task An_answer_with_another_content_type_is_read_all_the_same()
    {
        _faulty.Plan = static (_, _) => ApiFault.WrongContentType;
        Assert.Equal(EdgeLab.Zone, Assert.Single(await ListAsync(_api.Zones.ListAsync())).Name);
    }

    [Fact]
    public async Task A_result_of_another_kind_is_one_error()
    {
        _faulty.Plan = static (_, _) => ApiFault.OtherResult;
        var e = await Assert.ThrowsAsync<TunnelApiException>(() => ListAsync(_api.Zones.ListAsync()));
        Assert.Contains("not a list", e.Message, StringComparison.Ordinal);
        Assert.Single(_faulty.Requests);
    }

    [Fact]
    public async Task Pages_that_repeat_are_not_believed()
    {
        await AddZonesAsync();
        _faulty.Plan = static (_, _) => ApiFault.RepeatedPage;
        using var api = Client(pageSize: 2);
        var e = await Assert.ThrowsAsync<TunnelApiException>(() => ListAsync(api.Zones.ListAsync()));
        Assert.Contains("page 2 was asked for and page 1 came", e.Message, StringComparison.Ordinal);
    }

    [Fact]
    public async Task Entries_that_come_twice_are_told_once()
    {
        await AddZonesAsync();
        _faulty.Plan = static (_, _) => ApiFault.DoubledEntries;
        using var api = Client(pageSize: 2);
        Assert.Equal(5, (await ListAsync(api.Zones.ListAsync())).Count);
    }

    [Fact]
    public async Task Who_stops_reading_a_list_asks_for_no_further_page()
    {
        await AddZonesAsync();
        using var api = Client(pageSize: 2);
        await using (var zones = api.Zones.ListAsync().GetAsyncEnumerator())
        {
            Assert.True(await zones.MoveNextAsync());
            Assert.True(await zones.MoveNextAsync());
        }

        Assert.Single(_faulty.Requests);
    }

    [Theory]
    [InlineData(ApiFault.Stalled)]
    [InlineData(ApiFault.ServerError)]
    public async Task Cancelling_ends_at_once(ApiFault fault)
    {
        using var cancellation = new CancellationTokenSource();
        _faulty.Plan = (_, _) =>
        {
            cancellation.CancelAfter(TimeSpan.FromMilliseconds(50));
            return fault;
        };
        using var api = Client(retryDelay: TimeSpan.FromSeconds(20), tryTimeout: TimeSpan.FromSeconds(60));
        var watch = Stopwatch.StartNew();
        await Assert.ThrowsAnyAsync<OperationCanceledException>(() => ListAsync(api.Zones.ListAsync(cancellationToken: cancellation.Token)));
        Assert.InRange(watch.Elapsed.TotalSeconds, 0, 18);
        Assert.Single(_faulty.Requests);
    }

    private async Task<Zone> ReadAsync(ApiFault fault)
    {
        _faulty.FailOnce("GET", fault);
        var zone = Assert.Single(await ListAsync(_api.Zones.ListAsync()));
        Assert.Equal(2, _faulty.Requests.Count);
        return zone;
    }

    private async Task AddZonesAsync()
    {
        for (var i = 0; i < 4; i++)
        {
            await _lab.Api.Zones.CreateAsync(_lab.Edge.AccountId, $"zone{i}.test");
        }
    }

    private TunnelApiClient Client(int pageSize = 50, TimeSpan? retryDelay = null, TimeSpan? tryTimeout = null) => new(new TunnelApiOptions
    {
        BaseAddress = _faulty.Address,
        ApiToken = _lab.Edge.ApiToken,
        PageSize = pageSize,
        Limits = new ApiLimits
        {
            RetryDelay = retryDelay ?? TimeSpan.FromMilliseconds(10),
            MaxRetryDelay = TimeSpan.FromSeconds(30),
            TryTimeout = tryTimeout ?? TimeSpan.FromSeconds(5),
        },
    });

    private static async Task<List<T>> ListAsync<T>(IAsyncEnumerable<T> items)
    {
        var all = new List<T>();
        await foreach (var item in items)
        {
            all.Add(item);
        }

        return all;
    }
}
