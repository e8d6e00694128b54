using Microsoft.Data.Sqlite;

namespace Tunnel.Edge.Store;

/// <summary>The identity providers of the account.</summary>
public sealed class IdentityProviderTable
{
    private const string Columns = "id, account_id, name, type, config, client_secret, document, created_at, updated_at";

    private readonly EdgeDatabase _database;

    internal IdentityProviderTable(EdgeDatabase database) => _database = database;

    /// <summary>Every provider, the oldest first.</summary>
    public IReadOnlyList<IdentityProviderRecord> List() => _database.Read(All);

    /// <summary>One provider, or null.</summary>
    public IdentityProviderRecord? Get(Guid id) => _database.Read(c => Find(c, id));

    /// <summary>Adds a provider; false when it would be the second one that mails PINs. Names need not be unique.</summary>
    public bool TryAdd(IdentityProviderRecord provider)
    {
        ArgumentNullException.ThrowIfNull(provider);
        return _database.Write(c =>
        {
            if (IsSecondOneTimePin(c, provider))
            {
                return false;
            }

            Insert(c, provider);
            return true;
        });
    }

    /// <summary>Reads a provider, changes it and writes it back, in one transaction.</summary>
    /// <returns>Null when there is none; <c>false</c> when it would be the second one that mails PINs.</returns>
    public (bool Written, IdentityProviderRecord? Provider) Change(
        Guid id, Func<IdentityProviderRecord, IdentityProviderRecord> change)
    {
        ArgumentNullException.ThrowIfNull(change);
        return _database.Write(c =>
        {
            if (Find(c, id) is not { } present)
            {
                return (false, (IdentityProviderRecord?)null);
            }

            var provider = change(present);
            if (IsSecondOneTimePin(c, provider))
            {
                return (false, provider);
            }

            c.Execute(
                "UPDATE identity_providers SET account_id = $account, name = $name, type = $type, config = $config, " +
                "client_secret = $secret, document = $document, created_at = $created, updated_at = $updated " +
                "WHERE id = $id",
                Values(provider));
            return (true, provider);
        });
    }

    /// <summary>Removes a provider; false when there is none.</summary>
    public bool Remove(Guid id) => _database.Write(c =>
        c.Execute("DELETE FROM identity_providers WHERE id = $id", ("$id", Text(id)))) == 1;

    internal static List<IdentityProviderRecord> All(SqliteConnection connection) =>
        connection.Rows($"SELECT {Columns} FROM identity_providers ORDER BY created_at, id", Read);

    internal static void Insert(SqliteConnection connection, IdentityProviderRecord provider) => connection.Execute(
        $"INSERT INTO identity_providers ({Columns}) VALUES ($id, $account, $name, $type, $config, $secret, $document, " +
        "$created, $updated)",
        Values(provider));

    private static IdentityProviderRecord? Find(SqliteConnection connection, Guid id) =>
        connection.Row($"SELECT {Columns} FROM identity_providers WHERE id = $id", Read, ("$id", Text(id)));

    private static bool IsSecondOneTimePin(SqliteConnection connection, IdentityProviderRecord provider) =>
        provider.Type == IdentityProviderRecord.OneTimePinType
        && connection.Scalar(
            "SELECT count(*) FROM identity_providers WHERE type = $type AND id <> $id",
            ("$type", provider.Type), ("$id", Text(provider.Id))) > 0;

    private static string Text(Guid id) => id.ToString("D");

    private static (string Name, object? Value)[] Values(IdentityProviderRecord provider) =>
    [
        ("$id", Text(provider.Id)),
        ("$account", provider.AccountId),
        ("$name", provider.Name),
        ("$type", provider.Type),
        ("$config", provider.Config),
        ("$secret", provider.ClientSecret),
        ("$document", provider.Document),
        ("$created", StoreTime.ToText(provider.CreatedAt)),
        ("$updated", StoreTime.ToText(provider.UpdatedAt)),
    ];

    private static IdentityProviderRecord Read(SqliteDataReader row) => new()
    {
        Id = Guid.Parse(row.GetString(0)),
        AccountId = row.GetString(1),
        Name = row.GetString(2),
        Type = row.GetString(3),
        Config = row.GetString(4),
        ClientSecret = row.OptionalText(5),
        Document = row.GetString(6),
        CreatedAt = row.Time(7),
        UpdatedAt = row.Time(8),
    };
}
