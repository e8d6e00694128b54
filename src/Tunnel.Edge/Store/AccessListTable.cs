using System.Collections.Frozen;
using Microsoft.Data.Sqlite;
using Tunnel.Access;

namespace Tunnel.Edge.Store;

/// <summary>The account's lists and what is in them.</summary>
public sealed class AccessListTable
{
    /// <summary>Most lists of an account, as on Cloudflare's largest plan.</summary>
    public const int MaxLists = 300;

    /// <summary>Most entries of a list, as on Cloudflare's largest plan.</summary>
    public const int MaxItems = 5000;

    private const string Columns = "id, account_id, name, type, description, created_at, updated_at, version, " +
        "(SELECT count(*) FROM access_list_items WHERE list_id = id)";

    private readonly EdgeDatabase _database;

    // Every change in the store makes a new snapshot: only lists that changed are read anew for it.
    private volatile FrozenDictionary<Guid, (long Version, AccessList List)> _loaded =
        FrozenDictionary<Guid, (long, AccessList)>.Empty;

    internal AccessListTable(EdgeDatabase database) => _database = database;

    /// <summary>All of them, the oldest first.</summary>
    public IReadOnlyList<AccessListRecord> List() => _database.Read(c => c.Rows(
        $"SELECT {Columns} FROM access_lists ORDER BY created_at, id", Read));

    /// <summary>One list, or null.</summary>
    public AccessListRecord? Get(Guid id) => _database.Read(c => Find(c, id));

    /// <summary>What is in a list, in the order in which it came; null when there is no such list.</summary>
    public IReadOnlyList<AccessListItem>? Items(Guid id) => _database.Read(c => Find(c, id) is null ? null : Items(c, id));

    /// <summary>Adds a list.</summary>
    public AccessListConflict Add(AccessListRecord list, IReadOnlyList<AccessListItem> items)
    {
        ArgumentNullException.ThrowIfNull(list);
        ArgumentNullException.ThrowIfNull(items);
        return items.Count > MaxItems ? AccessListConflict.TooManyItems : _database.Write(c =>
        {
            if (c.Scalar("SELECT count(*) FROM access_lists") >= MaxLists)
            {
                return AccessListConflict.TooManyLists;
            }

            c.Execute(
                "INSERT INTO access_lists (id, account_id, name, type, description, created_at, updated_at, version) " +
                "VALUES ($id, $account, $name, $type, $description, $created, $updated, 1)",
                ("$id", Text(list.Id)), ("$account", list.AccountId), ("$name", list.Name), ("$type", list.Type),
                ("$description", list.Description), ("$created", StoreTime.ToText(list.CreatedAt)),
                ("$updated", StoreTime.ToText(list.UpdatedAt)));
            Insert(c, list, items);
            return AccessListConflict.None;
        });
    }

    /// <summary>Reads a list, changes it and writes it back, in one transaction.</summary>
    /// <param name="id">The list.</param>
    /// <param name="change">What to change in the list as it is; what it throws leaves the list so.</param>
    /// <param name="now">When it changes.</param>
    public (AccessListConflict Conflict, AccessListRecord? List) Change(
        Guid id, Func<AccessListRecord, AccessListChange> change, DateTimeOffset now)
    {
        ArgumentNullException.ThrowIfNull(change);
        return _database.Write(c =>
        {
            if (Find(c, id) is not { } present)
            {
                return (AccessListConflict.Missing, (AccessListRecord?)null);
            }

            var wanted = change(present);
            var items = Merge(present, Items(c, id), wanted);
            if (items.Count > MaxItems)
            {
                return (AccessListConflict.TooManyItems, null);
            }

            if (wanted.Replaces || wanted.Append.Count + wanted.Remove.Count > 0)
            {
                c.Execute("DELETE FROM access_list_items WHERE list_id = $id", ("$id", Text(id)));
                Insert(c, present, items);
            }

            c.Execute(
                "UPDATE access_lists SET name = $name, description = $description, updated_at = $updated, version = version + 1 " +
                "WHERE id = $id",
                ("$id", Text(id)), ("$name", wanted.Name ?? present.Name),
                ("$description", wanted.Description ?? present.Description), ("$updated", StoreTime.ToText(now)));
            return (AccessListConflict.None, Find(c, id));
        });
    }

    /// <summary>Removes a list unless a policy or a group names it.</summary>
    public AccessListConflict Remove(Guid id) => _database.Write(c =>
    {
        if (Find(c, id) is null)
        {
            return AccessListConflict.Missing;
        }

        // A list is named by its UUID, which occurs in no other meaning.
        if (c.Scalar(
            "SELECT (SELECT count(*) FROM access_policies WHERE instr(lower(document), $id) > 0) " +
            "+ (SELECT count(*) FROM access_groups WHERE instr(lower(document), $id) > 0)",
            ("$id", Text(id))) > 0)
        {
            return AccessListConflict.InUse;
        }

        c.Execute("DELETE FROM access_lists WHERE id = $id", ("$id", Text(id)));
        return AccessListConflict.None;
    });

    /// <summary>The lists that rules can name.</summary>
    internal AccessLists Lists(SqliteConnection connection)
    {
        var before = _loaded;
        var loaded = connection.Rows(
            $"SELECT {Columns} FROM access_lists WHERE type IN ('EMAIL', 'IP')", row => (Read(row), row.GetInt64(7)))
            .ToFrozenDictionary(pair => pair.Item1.Id, pair => (Version: pair.Item2,
                List: before.TryGetValue(pair.Item1.Id, out var known) && known.Version == pair.Item2
                    ? known.List : Load(connection, pair.Item1)));
        _loaded = loaded;
        return new AccessLists(loaded.Values.Select(entry => entry.List));
    }

    private static AccessList Load(SqliteConnection connection, AccessListRecord list) =>
        new(Text(list.Id), list.Name, list.Kind!.Value, Items(connection, list.Id).Select(item => item.Value));

    private static List<AccessListItem> Merge(AccessListRecord list, List<AccessListItem> present, AccessListChange change)
    {
        var before = present.ToDictionary(item => AccessListItem.KeyOf(list.Kind, item.Value), StringComparer.Ordinal);
        var removed = change.Remove.Select(value => AccessListItem.KeyOf(list.Kind, value)).ToHashSet(StringComparer.Ordinal);
        var after = new OrderedDictionary<string, AccessListItem>(StringComparer.Ordinal);
        foreach (var item in change.Replaces ? [] : present)
        {
            var key = AccessListItem.KeyOf(list.Kind, item.Value);
            if (!removed.Contains(key))
            {
                after[key] = item;
            }
        }

        foreach (var item in change.Append)
        {
            var key = AccessListItem.KeyOf(list.Kind, item.Value);
            after[key] = before.TryGetValue(key, out var old) && !removed.Contains(key)
                ? old with { Description = item.Description ?? old.Description } : item;
        }

        return [.. after.Values];
    }

    private static void Insert(SqliteConnection connection, AccessListRecord list, IReadOnlyList<AccessListItem> items)
    {
        foreach (var item in items)
        {
            connection.Execute(
                "INSERT INTO access_list_items (list_id, key, value, description, created_at) " +
                "VALUES ($list, $key, $value, $description, $created)",
                ("$list", Text(list.Id)), ("$key", AccessListItem.KeyOf(list.Kind, item.Value)), ("$value", item.Value),
                ("$description", item.Description), ("$created", StoreTime.ToText(item.CreatedAt)));
        }
    }

    private static AccessListRecord? Find(SqliteConnection connection, Guid id) => connection.Row(
        $"SELECT {Columns} FROM access_lists WHERE id = $id", Read, ("$id", Text(id)));

    private static List<AccessListItem> Items(SqliteConnection connection, Guid id) => connection.Rows(
        "SELECT value, description, created_at FROM access_list_items WHERE list_id = $id ORDER BY rowid",
        row => new AccessListItem(row.GetString(0), row.OptionalText(1), row.Time(2)), ("$id", Text(id)));

    private static string Text(Guid id) => id.ToString("D");

    private static AccessListRecord Read(SqliteDataReader row) => new()
    {
        Id = Guid.Parse(row.GetString(0)),
        AccountId = row.GetString(1),
        Name = row.GetString(2),
        Type = row.GetString(3),
        Description = row.GetString(4),
        CreatedAt = row.Time(5),
        UpdatedAt = row.Time(6),
        Count = row.GetInt32(8),
    };
}
