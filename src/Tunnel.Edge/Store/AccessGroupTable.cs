using Microsoft.Data.Sqlite;
using Tunnel.Access;

namespace Tunnel.Edge.Store;

/// <summary>The Access groups of the account and of its zones.</summary>
public sealed class AccessGroupTable
{
    private const string Columns = "id, account_id, zone_id, name, is_default, document, created_at, updated_at";

    private readonly EdgeDatabase _database;

    internal AccessGroupTable(EdgeDatabase database) => _database = database;

    /// <summary>The groups that a zone lists, or with null those that the account lists; the newest first.</summary>
    public IReadOnlyList<AccessGroupRecord> List(string? zoneId) => _database.Read(c => c.Rows(
        $"SELECT {Columns} FROM access_groups WHERE zone_id IS $zone ORDER BY created_at DESC, id", Read, ("$zone", zoneId)));

    /// <summary>One group of the zone or account, or null.</summary>
    public AccessGroupRecord? Get(string? zoneId, Guid id) => _database.Read(c => Find(c, zoneId, id));

    /// <summary>Adds a group.</summary>
    public AccessGroupConflict Add(AccessGroupRecord group)
    {
        ArgumentNullException.ThrowIfNull(group);
        return _database.Write(c =>
        {
            if (!Nests(c, group))
            {
                return AccessGroupConflict.Nesting;
            }

            c.Execute(
                $"INSERT INTO access_groups ({Columns}) " +
                "VALUES ($id, $account, $zone, $name, $default, $document, $created, $updated)",
                Values(group));
            KeepOneDefault(c, group);
            return AccessGroupConflict.None;
        });
    }

    /// <summary>Reads a group, changes it and writes it back, in one transaction.</summary>
    public (AccessGroupConflict Conflict, AccessGroupRecord? Group) Change(
        string? zoneId, Guid id, Func<AccessGroupRecord, AccessGroupRecord> change)
    {
        ArgumentNullException.ThrowIfNull(change);
        return _database.Write(c =>
        {
            if (Find(c, zoneId, id) is not { } present)
            {
                return (AccessGroupConflict.Missing, (AccessGroupRecord?)null);
            }

            var group = change(present);
            if (!Nests(c, group))
            {
                return (AccessGroupConflict.Nesting, null);
            }

            c.Execute(
                "UPDATE access_groups SET account_id = $account, zone_id = $zone, name = $name, is_default = $default, " +
                "document = $document, created_at = $created, updated_at = $updated WHERE id = $id",
                Values(group));
            KeepOneDefault(c, group);
            return (AccessGroupConflict.None, group);
        });
    }

    /// <summary>Removes a group unless a policy or another group names it.</summary>
    public AccessGroupConflict Remove(string? zoneId, Guid id) => _database.Write(c =>
    {
        if (Find(c, zoneId, id) is null)
        {
            return AccessGroupConflict.Missing;
        }

        // A rule names a group by its UUID, which occurs in no other meaning.
        if (c.Scalar(
            "SELECT (SELECT count(*) FROM access_policies WHERE instr(lower(document), $id) > 0) " +
            "+ (SELECT count(*) FROM access_groups WHERE id <> $id AND instr(lower(document), $id) > 0)",
            ("$id", Text(id))) > 0)
        {
            return AccessGroupConflict.InUse;
        }

        c.Execute("DELETE FROM access_groups WHERE id = $id", ("$id", Text(id)));
        return AccessGroupConflict.None;
    });

    internal static AccessGroups Groups(SqliteConnection connection) => new(
        connection.Rows($"SELECT {Columns} FROM access_groups", Read).Select(g => g.ToGroup()));

    /// <summary>Whether with this group every group can be evaluated that could be before, and the group itself.</summary>
    private static bool Nests(SqliteConnection connection, AccessGroupRecord group)
    {
        var present = connection.Rows($"SELECT {Columns} FROM access_groups", Read);
        var before = new AccessGroups(present.Select(g => g.ToGroup()));
        var after = new AccessGroups(present.Where(g => g.Id != group.Id).Append(group).Select(g => g.ToGroup()));
        return after.IsUsable(Text(group.Id))
            && present.TrueForAll(g => after.IsUsable(Text(g.Id)) || !before.IsUsable(Text(g.Id)));
    }

    private static void KeepOneDefault(SqliteConnection connection, AccessGroupRecord group)
    {
        if (group.IsDefault)
        {
            connection.Execute(
                "UPDATE access_groups SET is_default = 0 WHERE is_default = 1 AND zone_id IS $zone AND id <> $id",
                ("$zone", group.ZoneId), ("$id", Text(group.Id)));
        }
    }

    private static AccessGroupRecord? Find(SqliteConnection connection, string? zoneId, Guid id) => connection.Row(
        $"SELECT {Columns} FROM access_groups WHERE zone_id IS $zone AND id = $id", Read,
        ("$zone", zoneId), ("$id", Text(id)));

    private static string Text(Guid id) => id.ToString("D");

    private static (string Name, object? Value)[] Values(AccessGroupRecord group) =>
    [
        ("$id", Text(group.Id)),
        ("$account", group.AccountId),
        ("$zone", group.ZoneId),
        ("$name", group.Name),
        ("$default", group.IsDefault),
        ("$document", group.Document),
        ("$created", StoreTime.ToText(group.CreatedAt)),
        ("$updated", StoreTime.ToText(group.UpdatedAt)),
    ];

    private static AccessGroupRecord Read(SqliteDataReader row) => new()
    {
        Id = Guid.Parse(row.GetString(0)),
        AccountId = row.GetString(1),
        ZoneId = row.OptionalText(2),
        Name = row.GetString(3),
        IsDefault = row.GetBoolean(4),
        Document = row.GetString(5),
        CreatedAt = row.Time(6),
        UpdatedAt = row.Time(7),
    };
}
