using System.Diagnostics;
using Microsoft.AspNetCore.Http;
using Tunnel.Core.Api;

namespace Tunnel.Core.Tests.Api;

public sealed class RetryTests
{
    private const string Zone = """{"id":"z1","name":"example.test"}""";

    [Theory]
    [InlineData(429)]
    [InlineData(500)]
    [InlineData(502)]
    [InlineData(503)]
    [InlineData(522)]
    public async Task A_read_is_tried_again_after_a_passing_fault(int status)
    {
        await using var server = await ScriptedApi.StartAsync((context, n) => n < 2
            ? ScriptedApi.ErrorAsync(context, status, 0, "later")
            : ScriptedApi.OkAsync(context, Zone));
        using var api = server.Client();
        Assert.Equal("example.test", (await api.Zones.GetAsync("z1")).Name);
        Assert.Equal(3, server.Requests.Count);
    }

    [Theory]
    [InlineData(400)]
    [InlineData(403)]
    [InlineData(404)]
    [InlineData(409)]
    [InlineData(501)]
    public async Task A_lasting_refusal_is_told_at_once(int status)
    {
        await using var server = await ScriptedApi.StartAsync((context, _) => ScriptedApi.ErrorAsync(context, status, 7003, "no"));
        using var api = server.Client();
        var e = await Assert.ThrowsAsync<TunnelApiException>(() => api.Zones.GetAsync("z1"));
        Assert.Equal(status, e.StatusCode);
        Assert.Single(server.Requests);
    }

    [Fact]
    public async Task A_connection_that_is_cut_before_the_answer_is_tried_again()
    {
        await using var server = await ScriptedApi.StartAsync((context, n) =>
        {
            if (n > 0)
            {
                return ScriptedApi.OkAsync(context, Zone);
            }

            context.Abort();
            return Task.CompletedTask;
        });
        using var api = server.Client();
        Assert.Equal("z1", (await api.Zones.GetAsync("z1")).Id);
        Assert.Equal(2, server.Requests.Count);
    }

    [Fact]
    public async Task A_connection_that_is_cut_within_the_answer_is_tried_again()
    {
        await using var server = await ScriptedApi.StartAsync(async (context, n) =>
        {
            if (n > 0)
            {
                await ScriptedApi.OkAsync(context, Zone);
                return;
            }

            context.Response.ContentLength = 1000;
            await context.Response.WriteAsync("{\"success\":true,", context.RequestAborted);
            await context.Response.Body.FlushAsync();
            context.Abort();
        });
        using var api = server.Client();
        Assert.Equal("z1", (await api.Zones.GetAsync("z1")).Id);
        Assert.Equal(2, server.Requests.Count);
    }

    [Fact]
    public async Task A_body_that_does_not_end_is_given_up_and_tried_again()
    {
        await using var server = await ScriptedApi.StartAsync(async (context, n) =>
        {
            if (n > 0)
            {
                await ScriptedApi.OkAsync(context, Zone);
                return;
            }

            await context.Response.WriteAsync("{\"success\":true,");
            await context.Response.Body.FlushAsync();
            await Task.Delay(Timeout.Infinite, context.RequestAborted).ContinueWith(static _ => { }, TaskScheduler.Default);
        });
        using var api = server.Client(() => server.Options(tryTimeout: TimeSpan.FromSeconds(2)));
        Assert.Equal("z1", (await api.Zones.GetAsync("z1")).Id);
        Assert.Equal(2, server.Requests.Count);
    }

    [Theory]
    [InlineData(429)]
    [InlineData(500)]
    [InlineData(503)]
    public async Task A_creation_is_never_sent_twice(int status)
    {
        await using var server = await ScriptedApi.StartAsync((context, _) => ScriptedApi.ErrorAsync(context, status, 0, "perhaps"));
        using var api = server.Client();
        await Assert.ThrowsAsync<TunnelApiException>(() => api.Zones.CreateAsync("a1", "example.test"));
        Assert.Single(server.Requests);
    }

    [Fact]
    public async Task A_creation_whose_answer_is_lost_is_never_sent_twice_and_says_so()
    {
        await using var server = await ScriptedApi.StartAsync((context, _) =>
        {
            context.Abort();
            return Task.CompletedTask;
        });
        using var api = server.Client();
        var e = await Assert.ThrowsAsync<TunnelApiException>(() => api.Tunnels.CreateAsync("a1", "t", new byte[32]));
        Assert.Equal(0, e.StatusCode);
        Assert.Contains("not known whether", e.Advice, StringComparison.Ordinal);
        Assert.Single(server.Requests);
    }

    [Fact]
    public async Task A_rename_is_never_sent_twice()
    {
        await using var server = await ScriptedApi.StartAsync((context, _) => ScriptedApi.ErrorAsync(context, 500, 0, "perhaps"));
        using var api = server.Client();
        await Assert.ThrowsAsync<TunnelApiException>(() => api.Tunnels.UpdateAsync("a1", Guid.NewGuid(), "new"));
        Assert.Single(server.Requests);
    }

    [Fact]
    public async Task A_replacement_is_tried_again_with_the_same_body()
    {
        await using var server = await ScriptedApi.StartAsync((context, n) => n < 1
            ? ScriptedApi.ErrorAsync(context, 503, 0, "later")
            : ScriptedApi.OkAsync(context, """{"id":"r1","type":"CNAME","name":"a.example.test"}"""));
        using var api = server.Client();
        await api.DnsRecords.UpdateAsync("z1", new DnsRecord { Id = "r1", Type = "CNAME", Name = "a.example.test", Content = "b" });
        Assert.Equal(2, server.Bodies.Count);
        Assert.Single(server.Bodies.Distinct());
    }

    [Fact]
    public async Task A_deletion_that_had_happened_before_its_answer_was_lost_is_a_success()
    {
        await using var server = await ScriptedApi.StartAsync((context, n) =>
        {
            if (n > 0)
            {
                return ScriptedApi.ErrorAsync(context, 404, 1001, "not found");
            }

            context.Abort();
            return Task.CompletedTask;
        });
        using var api = server.Client();
        await api.Zones.DeleteAsync("z1");
        Assert.Equal(2, server.Requests.Count);
    }

    [Fact]
    public async Task A_deletion_of_what_is_not_there_is_an_error()
    {
        await using var server = await ScriptedApi.StartAsync((context, _) => ScriptedApi.ErrorAsync(context, 404, 1001, "not found"));
        using var api = server.Client();
        var e = await Assert.ThrowsAsync<TunnelApiException>(() => api.Zones.DeleteAsync("z1"));
        Assert.True(e.IsNotFound);
    }

    [Fact]
    public async Task Retry_after_is_waited_for()
    {
        await using var server = await ScriptedApi.StartAsync((context, n) =>
        {
            context.Response.Headers.RetryAfter = "1";
            return n < 1 ? ScriptedApi.ErrorAsync(context, 429, 971, "slow down") : ScriptedApi.OkAsync(context, Zone);
        });
        using var api = server.Client();
        var watch = Stopwatch.StartNew();
        await api.Zones.GetAsync("z1");
        Assert.InRange(watch.Elapsed.TotalSeconds, 0.95, 30);
        Assert.Equal(2, server.Requests.Count);
    }

    [Fact]
    public async Task A_retry_after_beyond_the_end_of_the_call_is_told_at_once()
    {
        await using var server = await ScriptedApi.StartAsync((context, _) =>
        {
            context.Response.Headers.RetryAfter = "3600";
            return ScriptedApi.ErrorAsync(context, 429, 971, "slow down");
        });
        using var api = server.Client();
        var e = await Assert.ThrowsAsync<TunnelApiException>(() => api.Zones.GetAsync("z1"));
        Assert.Equal(TimeSpan.FromHours(1), e.RetryAfter);
        Assert.Contains("3600 s", e.Advice, StringComparison.Ordinal);
        Assert.Single(server.Requests);
    }

    [Fact]
    public async Task Retries_end_with_the_last_answer()
    {
        await using var server = await ScriptedApi.StartAsync((context, _) => ScriptedApi.ErrorAsync(context, 500, 10001, "broken"));
        using var api = server.Client(() => server.Options(retries: 2));
        var e = await Assert.ThrowsAsync<TunnelApiException>(() => api.Zones.GetAsync("z1"));
        Assert.Equal(500, e.StatusCode);
        Assert.Contains("broken", e.Message, StringComparison.Ordinal);
        Assert.Equal(3, server.Requests.Count);
    }

    [Fact]
    public async Task A_call_ends_at_its_limit_whatever_its_tries_do()
    {
        await using var server = await ScriptedApi.StartAsync((context, _) => ScriptedApi.ErrorAsync(context, 503, 0, "later"));
        using var api = server.Client(() => new TunnelApiOptions
        {
            BaseAddress = server.Address,
            ApiToken = "t",
            Limits = new ApiLimits
            {
                MaxRetries = 10,
                RetryDelay = TimeSpan.FromSeconds(30),
                MaxRetryDelay = TimeSpan.FromSeconds(30),
                CallTimeout = TimeSpan.FromMilliseconds(400),
            },
        });
        var e = await Assert.ThrowsAsync<TunnelApiException>(() => api.Zones.GetAsync("z1"));
        Assert.Contains("no answer within 0.4 s", e.Message, StringComparison.Ordinal);
    }

    [Fact]
    public async Task Cancelling_ends_a_call_at_once_while_it_waits_for_an_answer()
    {
        using var cancellation = new CancellationTokenSource();
        await using var server = await ScriptedApi.StartAsync(async (context, _) =>
        {
            await cancellation.CancelAsync();
            await Task.Delay(Timeout.Infinite, context.RequestAborted).ContinueWith(static _ => { }, TaskScheduler.Default);
        });
        using var api = server.Client();
        await Assert.ThrowsAnyAsync<OperationCanceledException>(() => api.Zones.GetAsync("z1", cancellation.Token));
        Assert.Single(server.Requests);
    }

    [Fact]
    public async Task Cancelling_ends_a_call_at_once_while_it_waits_for_a_retry()
    {
        using var cancellation = new CancellationTokenSource();
        await using var server = await ScriptedApi.StartAsync((context, _) =>
        {
            context.Response.Headers.RetryAfter = "15";
            context.Response.OnCompleted(cancellation.CancelAsync);
            return ScriptedApi.ErrorAsync(context, 503, 0, "later");
        });
        using var api = server.Client();
        var watch = Stopwatch.StartNew();
        await Assert.ThrowsAnyAsync<OperationCanceledException>(() => api.Zones.GetAsync("z1", cancellation.Token));
        Assert.InRange(watch.Elapsed.TotalSeconds, 0, 10);
    }
}
