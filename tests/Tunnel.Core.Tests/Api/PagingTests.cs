using System.Globalization;
using Tunnel.Core.Api;

namespace Tunnel.Core.Tests.Api;

public sealed class PagingTests
{
    [Fact]
    public async Task A_page_is_asked_for_only_when_the_one_before_was_taken()
    {
        await using var server = await PagesAsync(pages: 5, size: 2);
        using var api = server.Client(() => server.Options(pageSize: 2));
        await using var zones = api.Zones.ListAsync().GetAsyncEnumerator();
        Assert.Empty(server.Requests);
        await zones.MoveNextAsync();
        await zones.MoveNextAsync();
        Assert.Single(server.Requests);
        await zones.MoveNextAsync();
        Assert.Equal("2-0", zones.Current.Id);
        Assert.Equal(2, server.Requests.Count);
    }

    [Fact]
    public async Task All_pages_come_in_order()
    {
        await using var server = await PagesAsync(pages: 3, size: 2);
        using var api = server.Client(() => server.Options(pageSize: 2));
        Assert.Equal(["1-0", "1-1", "2-0", "2-1", "3-0", "3-1"], await Ids(api));
        Assert.Equal(3, server.Requests.Count);
        Assert.Contains("page=3&per_page=2", server.Requests.Last(), StringComparison.Ordinal);
    }

    [Fact]
    public async Task A_list_without_page_information_is_one_page()
    {
        await using var server = await ScriptedApi.StartAsync((context, _) => ScriptedApi.OkAsync(context, Entries("a", "b")));
        using var api = server.Client(() => server.Options(pageSize: 2));
        Assert.Equal(["a", "b"], await Ids(api));
        Assert.Single(server.Requests);
    }

    [Fact]
    public async Task A_page_that_repeats_the_one_before_is_no_end_of_the_list()
    {
        await using var server = await ScriptedApi.StartAsync((context, _) =>
            ScriptedApi.OkAsync(context, Entries("a", "b"), """{"per_page":2,"total_pages":1000}"""));
        using var api = server.Client(() => server.Options(pageSize: 2));
        var e = await Assert.ThrowsAsync<TunnelApiException>(() => Ids(api));
        Assert.Contains("page 2 repeats the one before", e.Message, StringComparison.Ordinal);
        Assert.Equal(2, server.Requests.Count);
    }

    [Fact]
    public async Task A_page_of_entries_that_moved_is_followed_by_the_next()
    {
        await using var server = await ScriptedApi.StartAsync((context, n) => ScriptedApi.OkAsync(
            context,
            n switch { 0 => Entries("a", "b"), 1 => Entries("b"), _ => Entries("c") },
            $$"""{"page":{{n + 1}},"per_page":2,"total_pages":3}"""));
        using var api = server.Client(() => server.Options(pageSize: 2));
        Assert.Equal(["a", "b", "c"], await Ids(api));
    }

    [Fact]
    public async Task A_server_that_tells_another_page_than_was_asked_for_is_not_believed()
    {
        await using var server = await ScriptedApi.StartAsync((context, _) =>
            ScriptedApi.OkAsync(context, Entries("a", "b"), """{"page":1,"per_page":2,"total_pages":3}"""));
        using var api = server.Client(() => server.Options(pageSize: 2));
        var e = await Assert.ThrowsAsync<TunnelApiException>(() => Ids(api));
        Assert.Contains("page 2 was asked for and page 1 came", e.Message, StringComparison.Ordinal);
    }

    [Fact]
    public async Task An_entry_that_moved_to_the_next_page_meanwhile_comes_once()
    {
        await using var server = await ScriptedApi.StartAsync((context, n) => ScriptedApi.OkAsync(
            context, n == 0 ? Entries("a", "b") : Entries("b", "c"), $$"""{"page":{{n + 1}},"per_page":2,"total_pages":2}"""));
        using var api = server.Client(() => server.Options(pageSize: 2));
        Assert.Equal(["a", "b", "c"], await Ids(api));
    }

    [Fact]
    public async Task A_fault_on_a_later_page_is_tried_again_there()
    {
        await using var server = await ScriptedApi.StartAsync((context, n) => n switch
        {
            0 => ScriptedApi.OkAsync(context, Entries("a"), """{"page":1,"per_page":1,"total_pages":2}"""),
            1 => ScriptedApi.ErrorAsync(context, 502, 0, "later"),
            _ => ScriptedApi.OkAsync(context, Entries("b"), """{"page":2,"per_page":1,"total_pages":2}"""),
        });
        using var api = server.Client(() => server.Options(pageSize: 1));
        Assert.Equal(["a", "b"], await Ids(api));
    }

    [Fact]
    public async Task Filters_are_escaped()
    {
        await using var server = await ScriptedApi.StartAsync((context, _) => ScriptedApi.OkAsync(context, "[]"));
        using var api = server.Client();
        await foreach (var _ in api.Tunnels.ListAsync("a1", new TunnelFilter { Name = "a&b=c #1" }))
        {
        }

        Assert.Equal("GET /client/v4/accounts/a1/cfd_tunnel?name=a%26b%3Dc%20%231&is_deleted=false&page=1&per_page=50", server.Requests.Single());
    }

    private static Task<ScriptedApi> PagesAsync(int pages, int size) => ScriptedApi.StartAsync((context, _) =>
    {
        var page = int.Parse(context.Request.Query["page"]!, CultureInfo.InvariantCulture);
        return ScriptedApi.OkAsync(
            context,
            Entries([.. Enumerable.Range(0, size).Select(i => $"{page}-{i}")]),
            $$"""{"page":{{page}},"per_page":{{size}},"count":{{size}},"total_count":{{pages * size}},"total_pages":{{pages}}}""");
    });

    private static string Entries(params string[] ids) =>
        $"[{string.Join(',', ids.Select(static id => $$"""{"id":"{{id}}","name":"example.test"}"""))}]";

    private static async Task<List<string>> Ids(TunnelApiClient api)
    {
        var ids = new List<string>();
        await foreach (var zone in api.Zones.ListAsync())
        {
            ids.Add(zone.Id);
        }

        return ids;
    }
}
