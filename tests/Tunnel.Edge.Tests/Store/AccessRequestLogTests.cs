using Tunnel.Edge.Store;

namespace Tunnel.Edge.Tests.Store;

public sealed class AccessRequestLogTests : IDisposable
{
    private readonly StateDirectory _directory = new();
    private readonly ManualTime _time = new();
    private EdgeStore _store;

    public AccessRequestLogTests() => _store = Open();

    public void Dispose()
    {
        _store.Dispose();
        _directory.Dispose();
    }

    [Fact]
    public async Task What_was_appended_before_a_flush_is_found()
    {
        var entry = Entry() with
        {
            UserEmail = "alice@example.com", Country = "NL", ApplicationId = Guid.NewGuid(), ApplicationDomain = "ssh.example.test",
            ApplicationName = "ssh", ApplicationType = "ssh", Connection = "oidc", IdentityProviderId = Guid.NewGuid(),
            Policy = "staff", Reason = "Because.",
        };
        Append(entry);
        await _store.AccessRequests.FlushAsync(TestContext.Current.CancellationToken);
        Assert.Equal(entry, Assert.Single(Find()));
    }

    [Fact]
    public void Nothing_that_was_taken_is_lost_by_disposal()
    {
        for (var i = 0; i < 5000; i++)
        {
            Append(Entry());
        }

        _store.Dispose();
        _store = Open();
        Assert.Equal(5000, Find(new AccessRequestQuery { Limit = int.MaxValue }).Count);
    }

    [Fact]
    public void Strangers_push_nobody_else_out()
    {
        _store.Dispose();
        _store = Open(maximum: 40);
        for (var i = 0; i < 20; i++)
        {
            Append(Entry() with { UserEmail = "alice@example.com" });
            Append(Entry() with { IsStranger = true });
        }

        _time.Advance(TimeSpan.FromMinutes(11));
        Append(Entry() with { IsStranger = true });
        _store.Dispose();
        _store = Open(maximum: 40);
        var kept = Find(new AccessRequestQuery { Limit = 1000 });
        Assert.Equal((20, 10), (kept.Count(e => !e.IsStranger), kept.Count(e => e.IsStranger)));
    }

    [Fact]
    public void Of_a_flood_of_strangers_the_number_is_written_down()
    {
        for (var i = 0; i < AccessRequestLog.StrangersPerSecond + 50; i++)
        {
            _store.AccessRequests.Append(Entry() with { IsStranger = true });
        }

        Append(Entry() with { UserEmail = "alice@example.com" }); // nobody else is counted with them
        _time.Advance(TimeSpan.FromSeconds(1));
        _store.AccessRequests.Append(Entry() with { IsStranger = true });
        _store.Dispose();
        _store = Open();
        var kept = Find(new AccessRequestQuery { Limit = 1000 });
        Assert.Equal(AccessRequestLog.StrangersPerSecond + 3, kept.Count);
        Assert.Single(kept, e => e.Reason == "50 more decisions about nobody within a second, which are not listed.");
    }

    [Fact]
    public async Task The_log_leaves_the_revision_alone_so_that_no_snapshot_is_loaded_anew()
    {
        var snapshot = _store.Snapshot;
        Append(Entry());
        await _store.AccessRequests.FlushAsync(TestContext.Current.CancellationToken);
        Assert.Same(snapshot, _store.Snapshot);
    }

    [Fact]
    public async Task A_flood_loses_entries_and_counts_them_but_never_makes_anybody_wait()
    {
        const int Count = AccessRequestLog.Capacity * 20;
        var taken = 0;
        for (var i = 0; i < Count; i++)
        {
            taken += _store.AccessRequests.Append(Entry()) ? 1 : 0;
        }

        await _store.AccessRequests.FlushAsync(TestContext.Current.CancellationToken);
        Assert.Equal(Count, taken + _store.AccessRequests.Lost);
        Assert.Equal(taken, Find(new AccessRequestQuery { Limit = int.MaxValue }).Count);
    }

    [Fact]
    public async Task What_is_older_than_the_retention_is_not_shown_and_goes_with_the_next_write()
    {
        Append(Entry());
        await _store.AccessRequests.FlushAsync(TestContext.Current.CancellationToken);
        _time.Advance(TimeSpan.FromDays(31));
        Assert.Empty(Find());
        Append(Entry());
        await _store.AccessRequests.FlushAsync(TestContext.Current.CancellationToken);
        _time.Advance(TimeSpan.FromDays(-31));
        Assert.Single(Find(new AccessRequestQuery { Limit = 10 }));
    }

    [Fact]
    public void More_than_the_maximum_is_not_kept()
    {
        _store.Dispose();
        _store = Open(maximum: 10);
        for (var i = 0; i < 30; i++)
        {
            Append(Entry() with { Reason = $"{i}" });
        }

        _store.Dispose();
        _store = Open();
        Assert.Equal(10, Find().Count);
        Assert.Contains(Find(), e => e.Reason == "29");
    }

    [Theory]
    [InlineData(AccessRequestField.Allowed, AccessRequestMatch.Equal, "true", "a c")]
    [InlineData(AccessRequestField.Allowed, AccessRequestMatch.NotEqual, "true", "b d")]
    [InlineData(AccessRequestField.Email, AccessRequestMatch.Equal, "alice@example.com", "a")]
    [InlineData(AccessRequestField.Email, AccessRequestMatch.NotEqual, "alice@example.com", "b c d")]
    [InlineData(AccessRequestField.Email, AccessRequestMatch.Contains, "@example.com", "a b")]
    [InlineData(AccessRequestField.Email, AccessRequestMatch.NotContains, "@example.com", "c d")]
    [InlineData(AccessRequestField.NonIdentity, AccessRequestMatch.Equal, "true", "c")]
    [InlineData(AccessRequestField.NonIdentity, AccessRequestMatch.Equal, "false", "a b d")]
    [InlineData(AccessRequestField.IdentityProvider, AccessRequestMatch.Equal, "oidc", "a b")]
    [InlineData(AccessRequestField.IdentityProvider, AccessRequestMatch.NotEqual, "oidc", "c d")]
    [InlineData(AccessRequestField.IdentityProvider, AccessRequestMatch.Equal, "11111111-1111-1111-1111-111111111111", "a")]
    [InlineData(AccessRequestField.Country, AccessRequestMatch.Equal, "NL", "a")]
    [InlineData(AccessRequestField.ApplicationType, AccessRequestMatch.Equal, "ssh", "d")]
    [InlineData(AccessRequestField.RayId, AccessRequestMatch.Equal, "000000000000000b", "b")]
    [InlineData(AccessRequestField.Email, AccessRequestMatch.Equal, "' OR 1 --", "")]
    public async Task Filters_choose(AccessRequestField field, AccessRequestMatch match, string value, string expected)
    {
        Append(Entry("a") with
        {
            Allowed = true, UserEmail = "alice@example.com", Connection = "oidc", Country = "NL",
            IdentityProviderId = Guid.Parse("11111111-1111-1111-1111-111111111111"),
        });
        Append(Entry("b") with { UserEmail = "bob@example.com", Connection = "oidc" });
        Append(Entry("c") with { Allowed = true, ServiceToken = "ci", Connection = AccessRequestEntry.NonIdentity });
        Append(Entry("d") with { ApplicationType = "ssh" });
        await _store.AccessRequests.FlushAsync(TestContext.Current.CancellationToken);
        var found = Find(new AccessRequestQuery { IsAscending = true, Filters = [new AccessRequestFilter(field, match, value)] });
        Assert.Equal(expected, string.Join(' ', found.Select(e => e.Reason)));
    }

    [Fact]
    public async Task A_time_and_a_place_in_the_list_choose()
    {
        var start = _time.GetUtcNow();
        foreach (var name in (string[])["a", "b", "c", "d", "e"])
        {
            Append(Entry(name));
            _time.Advance(TimeSpan.FromMinutes(1));
        }

        await _store.AccessRequests.FlushAsync(TestContext.Current.CancellationToken);
        Assert.Equal("e d c b a", Names(new AccessRequestQuery()));
        Assert.Equal("b c d", Names(new AccessRequestQuery { IsAscending = true, Since = start.AddMinutes(1), Until = start.AddMinutes(3) }));
        Assert.Equal("d c", Names(new AccessRequestQuery { Skip = 1, Limit = 2 }));
        string Names(AccessRequestQuery query) => string.Join(' ', Find(query).Select(e => e.Reason));
    }

    private EdgeStore Open(long maximum = 1_000_000) => EdgeStore.Open(new EdgeStoreOptions
    {
        StateDirectory = _directory.Path, TimeProvider = _time, AccessLogMaximum = maximum,
    });

    private AccessRequestEntry Entry(string name = "x") => new()
    {
        CreatedAt = _time.GetUtcNow(), Allowed = false, IpAddress = "127.0.0.1", RayId = name.PadLeft(16, '0'), Reason = name,
    };

    private void Append(AccessRequestEntry entry) => Assert.True(_store.AccessRequests.Append(entry));

    private IReadOnlyList<AccessRequestEntry> Find(AccessRequestQuery? query = null) =>
        _store.AccessRequests.Find(query ?? new AccessRequestQuery());
}
