using System.Collections.Concurrent;
using System.Runtime.Versioning;
using Microsoft.Data.Sqlite;
using Tunnel.Edge.Store;

namespace Tunnel.Edge.Tests.Store;

public sealed class EdgeStoreTests : IDisposable
{
    private readonly StateDirectory _directory = new();
    private readonly ManualTime _time = new();

    public static bool HasFileModes => !OperatingSystem.IsWindows();

    public void Dispose() => _directory.Dispose();

    [Fact]
    public void First_start_makes_account_organization_and_admin_token()
    {
        using var store = Open();
        Assert.Matches("^[0-9a-f]{32}$", store.Account.Id);
        Assert.Equal("Lab", store.Account.Name);
        Assert.Equal("lab.cloudflareaccess.test", store.Organization.Get().AuthDomain);
        Assert.NotNull(store.InitialApiToken);
        Assert.Equal("active", store.ApiTokens.Find(store.InitialApiToken)?.Status);
    }

    [Fact]
    public void A_second_factor_for_all_that_an_earlier_version_took_and_never_asked_for_is_off()
    {
        using (var earlier = Open())
        {
            earlier.Organization.Change(o => o with { Document = """{"mfa_required_for_all_apps":true,"future":1}""" });
        }

        using (var connection = new SqliteConnection($"Data Source={Path.Combine(_directory.Path, "edge.db")};Pooling=False"))
        {
            connection.Open();
            using var command = connection.CreateCommand();
            command.CommandText = Migrations.Steps.Single(step => step.Contains("mfa_required_for_all_apps", StringComparison.Ordinal));
            command.ExecuteNonQuery();
        }

        using var store = Open();
        Assert.Equal("""{"mfa_required_for_all_apps":false,"future":1}""", store.Organization.Get().Document);
    }

    [Fact]
    public void State_survives_a_restart_and_the_admin_token_is_not_shown_again()
    {
        string account, token;
        using (var first = Open())
        {
            (account, token) = (first.Account.Id, first.InitialApiToken!);
            Assert.True(first.Zones.TryAdd(Zone(first, "example.test")));
        }

        using var second = Open();
        Assert.Equal(account, second.Account.Id);
        Assert.Null(second.InitialApiToken);
        Assert.NotNull(second.ApiTokens.Find(token));
        Assert.Equal("example.test", Assert.Single(second.Zones.List()).Name);
    }

    [Fact]
    public void Issuing_a_token_of_the_same_name_ends_the_old_one()
    {
        using var store = Open();
        var token = store.ApiTokens.Issue(EdgeStore.AdminTokenName);
        Assert.Null(store.ApiTokens.Find(store.InitialApiToken!));
        Assert.NotNull(store.ApiTokens.Find(token));
    }

    [Fact]
    public void Secrets_of_the_api_are_not_in_the_files()
    {
        using var store = Open();
        var token = System.Text.Encoding.UTF8.GetBytes(store.InitialApiToken!);
        Assert.DoesNotContain(
            Directory.GetFiles(_directory.Path, "edge.db*"),
            file => ReadShared(file).AsSpan().IndexOf(token) >= 0);
    }

    [Fact(Skip = "Unix file modes", SkipUnless = nameof(HasFileModes))]
    [UnsupportedOSPlatform("windows")]
    public void Directory_and_files_are_for_their_owner_only()
    {
        using var store = Open();
        store.Zones.TryAdd(Zone(store, "example.test"));
        Assert.Equal(
            UnixFileMode.UserRead | UnixFileMode.UserWrite | UnixFileMode.UserExecute,
            File.GetUnixFileMode(_directory.Path));
        var files = Directory.GetFiles(_directory.Path);
        Assert.Contains(files, f => f.EndsWith("-wal", StringComparison.Ordinal));
        Assert.All(files, f => Assert.Equal(UnixFileMode.UserRead | UnixFileMode.UserWrite, File.GetUnixFileMode(f)));
    }

    [Fact(Skip = "Unix file modes", SkipUnless = nameof(HasFileModes))]
    [UnsupportedOSPlatform("windows")]
    public void A_database_that_others_could_read_is_closed_to_them()
    {
        Open().Dispose();
        var path = Path.Combine(_directory.Path, "edge.db");
        File.SetUnixFileMode(path, UnixFileMode.UserRead | UnixFileMode.UserWrite | UnixFileMode.OtherRead);
        Open().Dispose();
        Assert.Equal(UnixFileMode.UserRead | UnixFileMode.UserWrite, File.GetUnixFileMode(path));
    }

    [Fact]
    public void A_second_edge_on_the_same_directory_is_refused()
    {
        using var store = Open();
        var refused = Assert.Throws<EdgeStoreException>(() => Open());
        Assert.Contains(_directory.Path, refused.Message, StringComparison.Ordinal);
    }

    [Fact]
    public void Schema_version_is_written_and_a_later_one_is_refused()
    {
        Open().Dispose();
        using (var connection = new SqliteConnection(
            $"Data Source={Path.Combine(_directory.Path, "edge.db")};Pooling=False"))
        {
            connection.Open();
            using var command = connection.CreateCommand();
            command.CommandText = "PRAGMA user_version";
            Assert.Equal((long)Migrations.Steps.Count, command.ExecuteScalar());
            command.CommandText = "PRAGMA journal_mode";
            Assert.Equal("wal", command.ExecuteScalar());
            command.CommandText = "PRAGMA user_version = 99";
            command.ExecuteNonQuery();
        }

        var refused = Assert.Throws<EdgeStoreException>(() => Open());
        Assert.Contains("99", refused.Message, StringComparison.Ordinal);
        // And the lock is free again.
        refused = Assert.Throws<EdgeStoreException>(() => Open());
        Assert.Contains("99", refused.Message, StringComparison.Ordinal);
    }

    [Fact]
    public void A_file_that_is_no_database_is_refused_with_advice()
    {
        Directory.CreateDirectory(_directory.Path);
        File.WriteAllText(Path.Combine(_directory.Path, "edge.db"), new string('x', 4096));
        var refused = Assert.Throws<EdgeStoreException>(() => Open());
        Assert.Contains("edge.db", refused.Message, StringComparison.Ordinal);
    }

    [Fact]
    public void Revision_grows_with_writes_that_change_something_and_only_then()
    {
        using var store = Open();
        var before = store.Revision;
        var zone = Zone(store, "example.test");
        Assert.True(store.Zones.TryAdd(zone));
        var after = store.Revision;
        Assert.True(after > before);
        Assert.False(store.Zones.TryAdd(Zone(store, "example.test")));
        Assert.False(store.Zones.Remove(new string('0', 32)));
        Assert.Equal(after, store.Revision);
        Assert.True(store.Zones.Remove(zone.Id));
        Assert.True(store.Revision > after);
    }

    [Fact]
    public void Snapshot_is_the_same_object_until_something_changes()
    {
        using var store = Open();
        var first = store.Snapshot;
        Assert.Same(first, store.Snapshot);
        store.Zones.TryAdd(Zone(store, "example.test"));
        Assert.True(store.Snapshot.Zones.ContainsKey("EXAMPLE.test"));
        Assert.Empty(first.Zones);
    }

    [Fact]
    public async Task Parallel_writers_of_one_name_have_one_winner_and_readers_never_wait_in_vain()
    {
        using var store = Open();
        var wins = new ConcurrentBag<string>();
        await Parallel.ForEachAsync(Enumerable.Range(0, 400), async (i, _) =>
        {
            await Task.Yield();
            var name = $"zone{i % 40}.test";
            if (store.Zones.TryAdd(Zone(store, name)))
            {
                wins.Add(name);
            }

            Assert.Contains(store.Zones.List(), z => z.Name == name);
            Assert.True(store.Snapshot.Zones.ContainsKey(name));
        });
        Assert.Equal(40, wins.Count);
        Assert.Equal(40, store.Zones.List().Count);
    }

    private EdgeStore Open() => EdgeStore.Open(new EdgeStoreOptions
    {
        StateDirectory = _directory.Path, AccountName = "Lab", AuthDomain = "lab.cloudflareaccess.test", TimeProvider = _time,
    });

    private ZoneRecord Zone(EdgeStore store, string name) => new()
    {
        Id = Guid.NewGuid().ToString("N"), AccountId = store.Account.Id, Name = name, Status = "active", Type = "full",
        NameServers = ["ns1.example.test"], CreatedOn = _time.GetUtcNow(), ModifiedOn = _time.GetUtcNow(),
        ActivatedOn = _time.GetUtcNow(),
    };

    private static byte[] ReadShared(string path)
    {
        using var stream = new FileStream(path, FileMode.Open, FileAccess.Read, FileShare.ReadWrite | FileShare.Delete);
        var bytes = new byte[stream.Length];
        stream.ReadExactly(bytes);
        return bytes;
    }
}
