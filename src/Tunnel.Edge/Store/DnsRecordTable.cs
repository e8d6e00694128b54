using Microsoft.Data.Sqlite;

namespace Tunnel.Edge.Store;

/// <summary>The DNS records of the zones.</summary>
public sealed class DnsRecordTable
{
    private const string Columns = "id, zone_id, type, name, content, proxied, ttl, document, created_on, modified_on";

    private readonly EdgeDatabase _database;

    internal DnsRecordTable(EdgeDatabase database) => _database = database;

    /// <summary>Every record of a zone, by name and type.</summary>
    public IReadOnlyList<DnsRecord> List(string zoneId) => _database.Read(c => c.Rows(
        $"SELECT {Columns} FROM dns_records WHERE zone_id = $zone ORDER BY name, type, created_on, id", Read,
        ("$zone", zoneId)));

    /// <summary>One record, or null.</summary>
    public DnsRecord? Get(string zoneId, string id) => _database.Read(c => Find(c, zoneId, id));

    /// <summary>Adds a record unless it conflicts with another one.</summary>
    public DnsConflict Add(DnsRecord record)
    {
        ArgumentNullException.ThrowIfNull(record);
        return _database.Write(c =>
        {
            var conflict = ConflictOf(c, record);
            if (conflict == DnsConflict.None)
            {
                Insert(c, record);
            }

            return conflict;
        });
    }

    /// <summary>
    /// Reads a record, changes it and writes it back unless it conflicts with another one, all in one transaction.
    /// </summary>
    public (DnsConflict Conflict, DnsRecord? Record) Change(
        string zoneId, string id, Func<DnsRecord, DnsRecord> change)
    {
        ArgumentNullException.ThrowIfNull(change);
        return _database.Write(c => Change(c, zoneId, id, change));
    }

    /// <summary>Carries out changes in their order, all in one transaction.</summary>
    /// <param name="zoneId">The zone.</param>
    /// <param name="changes">What to do.</param>
    /// <param name="refuse">What to throw for the first one that cannot be done: then none is.</param>
    /// <returns>The records after each change; of a removal, the record as it was.</returns>
    public IReadOnlyList<DnsRecord> ChangeAll(
        string zoneId, IReadOnlyList<DnsRecordChange> changes, Func<DnsConflict, Exception> refuse)
    {
        ArgumentNullException.ThrowIfNull(changes);
        ArgumentNullException.ThrowIfNull(refuse);
        return _database.Write(c =>
        {
            var records = new List<DnsRecord>(changes.Count);
            foreach (var change in changes)
            {
                var (conflict, record) = Carry(c, zoneId, change);
                records.Add(conflict == DnsConflict.None ? record! : throw refuse(conflict));
            }

            return records;
        });
    }

    /// <summary>Removes a record; false when there is none.</summary>
    public bool Remove(string zoneId, string id) => _database.Write(c => c.Execute(
        "DELETE FROM dns_records WHERE zone_id = $zone AND id = $id", ("$zone", zoneId), ("$id", id))) == 1;

    /// <summary>
    /// Lets a hostname lead to a tunnel. A CNAME of another tunnel, or any other A, AAAA or CNAME record, is replaced
    /// only when <paramref name="overwrite"/> says so.
    /// </summary>
    public RouteChange Route(string zoneId, string hostname, Guid tunnelId, bool overwrite, DateTimeOffset now)
    {
        var target = TunnelRoute.TargetOf(tunnelId);
        return _database.Write(c =>
        {
            var present = c.Rows(
                $"SELECT {Columns} FROM dns_records WHERE zone_id = $zone AND name = $name " +
                "AND type IN ('A', 'AAAA', 'CNAME')",
                Read, ("$zone", zoneId), ("$name", hostname));
            if (present is [{ Type: "CNAME", Proxied: true } only] && only.Content == target)
            {
                return RouteChange.Unchanged;
            }

            if (present.Count > 0 && !overwrite)
            {
                return RouteChange.Refused;
            }

            foreach (var old in present)
            {
                c.Execute("DELETE FROM dns_records WHERE id = $id", ("$id", old.Id));
            }

            Insert(c, new DnsRecord
            {
                Id = present.Count > 0 ? present[0].Id : Identifiers.NewHex32(),
                ZoneId = zoneId,
                Type = "CNAME",
                Name = hostname,
                Content = target,
                Proxied = true,
                Document = "{}",
                CreatedOn = present.Count > 0 ? present[0].CreatedOn : now,
                ModifiedOn = now,
            });
            return present.Count > 0 ? RouteChange.Updated : RouteChange.New;
        });
    }

    internal static Dictionary<string, TunnelRoute> Routes(SqliteConnection connection)
    {
        var routes = new Dictionary<string, TunnelRoute>(StringComparer.OrdinalIgnoreCase);
        var records = connection.Rows(
            "SELECT r.name, r.content, r.zone_id, r.id FROM dns_records r JOIN zones z ON z.id = r.zone_id " +
            "WHERE r.type = 'CNAME' AND r.proxied = 1 AND z.status = 'active' AND z.paused = 0",
            row => (Name: row.GetString(0), Content: row.GetString(1), Zone: row.GetString(2), Id: row.GetString(3)));
        foreach (var record in records)
        {
            if (TunnelRoute.TryParseTarget(record.Content, out var tunnel))
            {
                routes[record.Name] = new TunnelRoute(record.Name, tunnel, record.Zone, record.Id);
            }
        }

        return routes;
    }

    private static (DnsConflict Conflict, DnsRecord? Record) Carry(
        SqliteConnection connection, string zoneId, DnsRecordChange change)
    {
        switch (change)
        {
            case { Id: null, New: { } added }:
                var conflict = ConflictOf(connection, added);
                if (conflict == DnsConflict.None)
                {
                    Insert(connection, added);
                }

                return (conflict, added);
            case { Id: { } id, Change: { } edit }:
                return Change(connection, zoneId, id, edit);
            case { Id: { } id } when Find(connection, zoneId, id) is { } removed:
                connection.Execute("DELETE FROM dns_records WHERE id = $id", ("$id", id));
                return (DnsConflict.None, removed);
            default:
                return (DnsConflict.Missing, null);
        }
    }

    private static (DnsConflict Conflict, DnsRecord? Record) Change(
        SqliteConnection connection, string zoneId, string id, Func<DnsRecord, DnsRecord> change)
    {
        if (Find(connection, zoneId, id) is not { } present)
        {
            return (DnsConflict.Missing, null);
        }

        var record = change(present);
        var conflict = ConflictOf(connection, record);
        if (conflict == DnsConflict.None)
        {
            Update(connection, record);
        }

        return (conflict, record);
    }

    private static DnsRecord? Find(SqliteConnection connection, string zoneId, string id) => connection.Row(
        $"SELECT {Columns} FROM dns_records WHERE zone_id = $zone AND id = $id", Read, ("$zone", zoneId), ("$id", id));

    private static DnsConflict ConflictOf(SqliteConnection connection, DnsRecord record)
    {
        var others = connection.Rows(
            "SELECT type, content FROM dns_records WHERE zone_id = $zone AND name = $name AND id <> $id",
            row => (Type: row.GetString(0), Content: row.GetString(1)),
            ("$zone", record.ZoneId), ("$name", record.Name), ("$id", record.Id));
        if (record.Type == "CNAME" && others.Exists(o => o.Type is "A" or "AAAA" or "CNAME"))
        {
            return DnsConflict.HostExists;
        }

        if (record.Type is "A" or "AAAA" && others.Exists(o => o.Type == "CNAME"))
        {
            return DnsConflict.CnameExists;
        }

        return others.Exists(o => o.Type == record.Type && o.Content == record.Content)
            ? DnsConflict.Identical
            : DnsConflict.None;
    }

    private static void Insert(SqliteConnection connection, DnsRecord record) => connection.Execute(
        $"INSERT INTO dns_records ({Columns}) VALUES ($id, $zone, $type, $name, $content, $proxied, $ttl, $document, " +
        "$created, $modified)",
        Values(record));

    private static void Update(SqliteConnection connection, DnsRecord record) => connection.Execute(
        "UPDATE dns_records SET type = $type, name = $name, content = $content, proxied = $proxied, ttl = $ttl, " +
        "document = $document, modified_on = $modified WHERE id = $id AND zone_id = $zone AND created_on = $created",
        Values(record));

    private static (string Name, object? Value)[] Values(DnsRecord record) =>
    [
        ("$id", record.Id),
        ("$zone", record.ZoneId),
        ("$type", record.Type),
        ("$name", record.Name),
        ("$content", record.Content),
        ("$proxied", record.Proxied),
        ("$ttl", record.Ttl),
        ("$document", record.Document),
        ("$created", StoreTime.ToText(record.CreatedOn)),
        ("$modified", StoreTime.ToText(record.ModifiedOn)),
    ];

    private static DnsRecord Read(SqliteDataReader row) => new()
    {
        Id = row.GetString(0),
        ZoneId = row.GetString(1),
        Type = row.GetString(2),
        Name = row.GetString(3),
        Content = row.GetString(4),
        Proxied = row.GetBoolean(5),
        Ttl = row.GetInt32(6),
        Document = row.GetString(7),
        CreatedOn = row.Time(8),
        ModifiedOn = row.Time(9),
    };
}
