using System.Security.Cryptography;
using System.Text;
using Microsoft.Data.Sqlite;

namespace Tunnel.Edge.Store;

/// <summary>The account's Zero Trust organisation; there is always one.</summary>
public sealed class OrganizationTable
{
    private const string Columns =
        "account_id, name, auth_domain, session_duration, document, created_at, updated_at";

    private readonly EdgeDatabase _database;

    internal OrganizationTable(EdgeDatabase database) => _database = database;

    /// <summary>The organisation.</summary>
    public OrganizationRecord Get() => _database.Read(Find);

    /// <summary>Reads it, changes it and writes it back, in one transaction.</summary>
    public OrganizationRecord Change(Func<OrganizationRecord, OrganizationRecord> change)
    {
        ArgumentNullException.ThrowIfNull(change);
        return _database.Write(c =>
        {
            var organization = change(Find(c));
            c.Execute(
                "UPDATE organizations SET name = $name, auth_domain = $domain, session_duration = $session, " +
                "document = $document, created_at = $created, updated_at = $updated WHERE account_id = $account",
                Values(organization));
            return organization;
        });
    }

    internal static OrganizationRecord Find(SqliteConnection connection) =>
        connection.Row($"SELECT {Columns} FROM organizations", Read)
            ?? throw new EdgeStoreException("The edge's database has no organisation: it is damaged.");

    internal static void Insert(SqliteConnection connection, OrganizationRecord organization) => connection.Execute(
        $"INSERT INTO organizations ({Columns}, secret) VALUES ($account, $name, $domain, $session, $document, $created, $updated, $secret)",
        [.. Values(organization), ("$secret", RandomNumberGenerator.GetBytes(32))]);

    /// <summary>A key for something that only this edge may make, the same after a restart.</summary>
    internal byte[] DeriveKey(string purpose)
    {
        var secret = _database.Read(c => c.Row("SELECT secret FROM organizations", row => row.GetFieldValue<byte[]>(0)))!;
        return HKDF.DeriveKey(HashAlgorithmName.SHA256, secret, 32, info: Encoding.UTF8.GetBytes(purpose));
    }

    private static (string Name, object? Value)[] Values(OrganizationRecord organization) =>
    [
        ("$account", organization.AccountId),
        ("$name", organization.Name),
        ("$domain", organization.AuthDomain),
        ("$session", organization.SessionDuration),
        ("$document", organization.Document),
        ("$created", StoreTime.ToText(organization.CreatedAt)),
        ("$updated", StoreTime.ToText(organization.UpdatedAt)),
    ];

    private static OrganizationRecord Read(SqliteDataReader row) => new()
    {
        AccountId = row.GetString(0),
        Name = row.GetString(1),
        AuthDomain = row.GetString(2),
        SessionDuration = row.OptionalText(3),
        Document = row.GetString(4),
        CreatedAt = row.Time(5),
        UpdatedAt = row.Time(6),
    };
}
