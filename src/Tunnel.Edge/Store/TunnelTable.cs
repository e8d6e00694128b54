using Microsoft.Data.Sqlite;

namespace Tunnel.Edge.Store;

/// <summary>The tunnels of the account, deleted ones included, and their configurations.</summary>
public sealed class TunnelTable
{
    private const string Columns =
        "id, account_id, name, secret, config_src, created_at, deleted_at, conns_active_at, conns_inactive_at";

    private readonly EdgeDatabase _database;

    internal TunnelTable(EdgeDatabase database) => _database = database;

    /// <summary>Every tunnel, the newest first.</summary>
    public IReadOnlyList<TunnelRecord> List() => _database.Read(c =>
        c.Rows($"SELECT {Columns} FROM tunnels ORDER BY created_at DESC, id", Read));

    /// <summary>One tunnel, perhaps deleted, or null.</summary>
    public TunnelRecord? Get(Guid id) => _database.Read(c => Find(c, id));

    /// <summary>Adds a tunnel; false when one that is not deleted has the name.</summary>
    public bool TryAdd(TunnelRecord tunnel)
    {
        ArgumentNullException.ThrowIfNull(tunnel);
        return _database.Write(c => c.Execute(
            "INSERT INTO tunnels (id, account_id, name, secret, config_src, created_at) " +
            "VALUES ($id, $account, $name, $secret, $source, $created) " +
            "ON CONFLICT (account_id, name) WHERE deleted_at IS NULL DO NOTHING",
            ("$id", Text(tunnel.Id)),
            ("$account", tunnel.AccountId),
            ("$name", tunnel.Name),
            ("$secret", tunnel.Secret),
            ("$source", Text(tunnel.ConfigurationSource)),
            ("$created", StoreTime.ToText(tunnel.CreatedAt)))) == 1;
    }

    /// <summary>
    /// Gives a tunnel another name, another secret, or both (null leaves it); false when the name is taken. A tunnel
    /// that does not exist or is deleted is left alone.
    /// </summary>
    public bool TryChange(Guid id, string? name, byte[]? secret) => _database.Write(c =>
    {
        if (name is not null && c.Scalar(
            "SELECT count(*) FROM tunnels WHERE name = $name AND id <> $id AND deleted_at IS NULL",
            ("$name", name), ("$id", Text(id))) > 0)
        {
            return false;
        }

        c.Execute(
            "UPDATE tunnels SET name = coalesce($name, name), secret = coalesce($secret, secret) " +
            "WHERE id = $id AND deleted_at IS NULL",
            ("$name", name), ("$secret", secret), ("$id", Text(id)));
        return true;
    });

    /// <summary>Marks a tunnel as deleted; false when there is none that is not. Its DNS records stay.</summary>
    public bool Delete(Guid id, DateTimeOffset now) => _database.Write(c => c.Execute(
        "UPDATE tunnels SET deleted_at = $now WHERE id = $id AND deleted_at IS NULL",
        ("$now", StoreTime.ToText(now)), ("$id", Text(id)))) == 1;

    /// <summary>
    /// Notes that the first connection of a tunnel came, or that its last one went, for <c>conns_active_at</c> and
    /// <c>conns_inactive_at</c>; they tell a tunnel that is down from one that never ran.
    /// </summary>
    public void NoteConnections(Guid id, bool active, DateTimeOffset now) => _database.Write(c => c.Execute(
        active
            ? "UPDATE tunnels SET conns_active_at = $now, conns_inactive_at = NULL WHERE id = $id"
            : "UPDATE tunnels SET conns_inactive_at = $now WHERE id = $id",
        ("$now", StoreTime.ToText(now)), ("$id", Text(id))));

    /// <summary>The present configuration; version 0 when none was ever put; null when there is no such tunnel.</summary>
    public TunnelConfigurationRecord? GetConfiguration(Guid id) => _database.Read(c =>
        FindConfiguration(c, id) ?? (Find(c, id) is { } tunnel
            ? new TunnelConfigurationRecord(id, 0, null, tunnel.ConfigurationSource, tunnel.CreatedAt)
            : null));

    /// <summary>
    /// Puts a configuration as the next version, and makes the tunnel remotely managed. Null when there is no such
    /// tunnel.
    /// </summary>
    public TunnelConfigurationRecord? PutConfiguration(Guid id, string config, DateTimeOffset now) =>
        _database.Write(c =>
        {
            if (c.Execute(
                "UPDATE tunnels SET config_src = 'cloudflare' WHERE id = $id AND deleted_at IS NULL",
                ("$id", Text(id))) == 0)
            {
                return null;
            }

            c.Execute(
                "INSERT INTO tunnel_configurations (tunnel_id, version, config, source, created_at) " +
                "VALUES ($id, 1, $config, 'cloudflare', $now) ON CONFLICT (tunnel_id) DO UPDATE SET " +
                "version = version + 1, config = excluded.config, source = excluded.source, " +
                "created_at = excluded.created_at",
                ("$id", Text(id)), ("$config", config), ("$now", StoreTime.ToText(now)));
            return FindConfiguration(c, id);
        });

    internal static Dictionary<Guid, TunnelRecord> Present(SqliteConnection connection) =>
        connection.Rows($"SELECT {Columns} FROM tunnels WHERE deleted_at IS NULL", Read).ToDictionary(t => t.Id);

    internal static Dictionary<Guid, TunnelConfigurationRecord> Configurations(SqliteConnection connection) =>
        connection.Rows("SELECT tunnel_id, version, config, source, created_at FROM tunnel_configurations",
            ReadConfiguration).ToDictionary(t => t.TunnelId);

    private static TunnelRecord? Find(SqliteConnection connection, Guid id) =>
        connection.Row($"SELECT {Columns} FROM tunnels WHERE id = $id", Read, ("$id", Text(id)));

    private static TunnelConfigurationRecord? FindConfiguration(SqliteConnection connection, Guid id) =>
        connection.Row(
            "SELECT tunnel_id, version, config, source, created_at FROM tunnel_configurations WHERE tunnel_id = $id",
            ReadConfiguration, ("$id", Text(id)));

    private static string Text(Guid id) => id.ToString("D");

    private static string Text(TunnelConfigurationSource source) =>
        source == TunnelConfigurationSource.Cloudflare ? "cloudflare" : "local";

    private static TunnelConfigurationSource Source(string text) =>
        text == "cloudflare" ? TunnelConfigurationSource.Cloudflare : TunnelConfigurationSource.Local;

    private static TunnelConfigurationRecord ReadConfiguration(SqliteDataReader row) => new(
        Guid.Parse(row.GetString(0)), row.GetInt32(1), row.GetString(2), Source(row.GetString(3)), row.Time(4));

    private static TunnelRecord Read(SqliteDataReader row) => new()
    {
        Id = Guid.Parse(row.GetString(0)),
        AccountId = row.GetString(1),
        Name = row.GetString(2),
        Secret = row.GetFieldValue<byte[]>(3),
        ConfigurationSource = Source(row.GetString(4)),
        CreatedAt = row.Time(5),
        DeletedAt = row.OptionalTime(6),
        ConnectionsActiveAt = row.OptionalTime(7),
        ConnectionsInactiveAt = row.OptionalTime(8),
    };
}
