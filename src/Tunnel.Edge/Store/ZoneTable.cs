using System.Text.Json;
using System.Text.Json.Nodes;
using Microsoft.Data.Sqlite;

namespace Tunnel.Edge.Store;

/// <summary>The zones of the account.</summary>
public sealed class ZoneTable
{
    private const string Columns =
        "id, account_id, name, status, type, paused, name_servers, created_on, modified_on, activated_on, document";

    private readonly EdgeDatabase _database;

    internal ZoneTable(EdgeDatabase database) => _database = database;

    /// <summary>Every zone by name.</summary>
    public IReadOnlyList<ZoneRecord> List() => _database.Read(All);

    /// <summary>One zone, or null.</summary>
    public ZoneRecord? Get(string id) => _database.Read(c => Find(c, id));

    /// <summary>The zone that a hostname lies in: the one with the longest name. Null if there is none.</summary>
    public ZoneRecord? FindFor(string hostname)
    {
        ArgumentNullException.ThrowIfNull(hostname);
        return List().Where(zone => Contains(zone.Name, hostname)).MaxBy(zone => zone.Name.Length);
    }

    /// <summary>Adds a zone; false when the name is taken.</summary>
    public bool TryAdd(ZoneRecord zone)
    {
        ArgumentNullException.ThrowIfNull(zone);
        return _database.Write(c => c.Execute(
            $"INSERT INTO zones ({Columns}) VALUES ($id, $account, $name, $status, $type, $paused, $servers, $created, " +
            "$modified, $activated, $document) ON CONFLICT (name) DO NOTHING",
            Values(zone))) == 1;
    }

    /// <summary>Reads a zone, changes it and writes it back, in one transaction; null when there is none.</summary>
    public ZoneRecord? Change(string id, Func<ZoneRecord, ZoneRecord> change)
    {
        ArgumentNullException.ThrowIfNull(change);
        return _database.Write(c =>
        {
            if (Find(c, id) is not { } present)
            {
                return null;
            }

            var zone = change(present);
            c.Execute(
                "UPDATE zones SET account_id = $account, name = $name, status = $status, type = $type, " +
                "paused = $paused, name_servers = $servers, created_on = $created, modified_on = $modified, " +
                "activated_on = $activated, document = $document WHERE id = $id",
                Values(zone));
            return zone;
        });
    }

    /// <summary>Removes a zone with its DNS records; false when there is none.</summary>
    public bool Remove(string id) =>
        _database.Write(c => c.Execute("DELETE FROM zones WHERE id = $id", ("$id", id))) == 1;

    internal static List<ZoneRecord> All(SqliteConnection connection) =>
        connection.Rows($"SELECT {Columns} FROM zones ORDER BY name", Read);

    internal static bool Contains(string zone, string hostname) =>
        hostname.EndsWith(zone, StringComparison.OrdinalIgnoreCase)
        && (hostname.Length == zone.Length || hostname[^(zone.Length + 1)] == '.');

    private static ZoneRecord? Find(SqliteConnection connection, string id) =>
        connection.Row($"SELECT {Columns} FROM zones WHERE id = $id", Read, ("$id", id));

    private static (string Name, object? Value)[] Values(ZoneRecord zone) =>
    [
        ("$id", zone.Id),
        ("$account", zone.AccountId),
        ("$name", zone.Name),
        ("$status", zone.Status),
        ("$type", zone.Type),
        ("$paused", zone.Paused),
        ("$servers", new JsonArray([.. zone.NameServers.Select(s => JsonValue.Create(s))]).ToJsonString()),
        ("$created", StoreTime.ToText(zone.CreatedOn)),
        ("$modified", StoreTime.ToText(zone.ModifiedOn)),
        ("$activated", StoreTime.ToText(zone.ActivatedOn)),
        ("$document", zone.Document),
    ];

    private static ZoneRecord Read(SqliteDataReader row)
    {
        using var servers = JsonDocument.Parse(row.GetString(6));
        return new ZoneRecord
        {
            Id = row.GetString(0),
            AccountId = row.GetString(1),
            Name = row.GetString(2),
            Status = row.GetString(3),
            Type = row.GetString(4),
            Paused = row.GetBoolean(5),
            NameServers = [.. servers.RootElement.EnumerateArray().Select(s => s.GetString()!)],
            CreatedOn = row.Time(7),
            ModifiedOn = row.Time(8),
            ActivatedOn = row.OptionalTime(9),
            Document = row.GetString(10),
        };
    }
}
