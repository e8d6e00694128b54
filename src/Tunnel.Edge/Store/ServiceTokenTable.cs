using Microsoft.Data.Sqlite;

namespace Tunnel.Edge.Store;

/// <summary>The service tokens of the account.</summary>
public sealed class ServiceTokenTable
{
    private const string Columns =
        "id, account_id, name, client_id, secret_hash, previous_secret_hash, previous_secret_expires_at, " +
        "secret_version, duration, expires_at, enabled, created_at, updated_at";

    private readonly EdgeDatabase _database;

    internal ServiceTokenTable(EdgeDatabase database) => _database = database;

    /// <summary>Every token, the newest first.</summary>
    public IReadOnlyList<ServiceTokenRecord> List() => _database.Read(All);

    /// <summary>One token, or null.</summary>
    public ServiceTokenRecord? Get(Guid id) => _database.Read(c => Find(c, id));

    /// <summary>Adds a token. Names need not be unique.</summary>
    public void Add(ServiceTokenRecord token)
    {
        ArgumentNullException.ThrowIfNull(token);
        _database.Write(c => c.Execute(
            $"INSERT INTO service_tokens ({Columns}) VALUES ($id, $account, $name, $client, $hash, $previous, $until, " +
            "$version, $duration, $expires, $enabled, $created, $updated)",
            Values(token)));
    }

    /// <summary>Reads a token, changes it and writes it back, in one transaction; null when there is none.</summary>
    public ServiceTokenRecord? Change(Guid id, Func<ServiceTokenRecord, ServiceTokenRecord> change)
    {
        ArgumentNullException.ThrowIfNull(change);
        return _database.Write(c =>
        {
            if (Find(c, id) is not { } present)
            {
                return null;
            }

            var token = change(present);
            c.Execute(
                "UPDATE service_tokens SET account_id = $account, name = $name, client_id = $client, " +
                "secret_hash = $hash, previous_secret_hash = $previous, previous_secret_expires_at = $until, " +
                "secret_version = $version, duration = $duration, expires_at = $expires, enabled = $enabled, " +
                "created_at = $created, updated_at = $updated WHERE id = $id",
                Values(token));
            return token;
        });
    }

    /// <summary>Removes a token unless a policy or a group names it.</summary>
    public ServiceTokenRemoval Remove(Guid id) => _database.Write(c =>
    {
        // A rule names a token by its UUID, which occurs in no other meaning.
        if (c.Scalar(
            "SELECT (SELECT count(*) FROM access_policies WHERE instr(lower(document), $id) > 0) " +
            "+ (SELECT count(*) FROM access_groups WHERE instr(lower(document), $id) > 0)",
            ("$id", Text(id))) > 0)
        {
            return Find(c, id) is null ? ServiceTokenRemoval.Missing : ServiceTokenRemoval.InUse;
        }

        return c.Execute("DELETE FROM service_tokens WHERE id = $id", ("$id", Text(id))) == 1
            ? ServiceTokenRemoval.Removed
            : ServiceTokenRemoval.Missing;
    });

    internal static List<ServiceTokenRecord> All(SqliteConnection connection) =>
        connection.Rows($"SELECT {Columns} FROM service_tokens ORDER BY created_at DESC, id", Read);

    private static ServiceTokenRecord? Find(SqliteConnection connection, Guid id) =>
        connection.Row($"SELECT {Columns} FROM service_tokens WHERE id = $id", Read, ("$id", Text(id)));

    private static string Text(Guid id) => id.ToString("D");

    private static (string Name, object? Value)[] Values(ServiceTokenRecord token) =>
    [
        ("$id", Text(token.Id)),
        ("$account", token.AccountId),
        ("$name", token.Name),
        ("$client", token.ClientId),
        ("$hash", token.SecretHash),
        ("$previous", token.PreviousSecretHash),
        ("$until", StoreTime.ToText(token.PreviousSecretExpiresAt)),
        ("$version", token.SecretVersion),
        ("$duration", token.Duration),
        ("$expires", StoreTime.ToText(token.ExpiresAt)),
        ("$enabled", token.Enabled),
        ("$created", StoreTime.ToText(token.CreatedAt)),
        ("$updated", StoreTime.ToText(token.UpdatedAt)),
    ];

    private static ServiceTokenRecord Read(SqliteDataReader row) => new()
    {
        Id = Guid.Parse(row.GetString(0)),
        AccountId = row.GetString(1),
        Name = row.GetString(2),
        ClientId = row.GetString(3),
        SecretHash = row.GetFieldValue<byte[]>(4),
        PreviousSecretHash = row.IsDBNull(5) ? null : row.GetFieldValue<byte[]>(5),
        PreviousSecretExpiresAt = row.OptionalTime(6),
        SecretVersion = row.GetInt32(7),
        Duration = row.GetString(8),
        ExpiresAt = row.OptionalTime(9),
        Enabled = row.GetBoolean(10),
        CreatedAt = row.Time(11),
        UpdatedAt = row.Time(12),
    };
}
