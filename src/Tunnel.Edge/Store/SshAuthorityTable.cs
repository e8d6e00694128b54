using System.Security.Cryptography;
using Microsoft.Data.Sqlite;
using Tunnel.Protocol.Ssh;

namespace Tunnel.Edge.Store;

/// <summary>The short-lived certificate authorities of applications. They go with their application.</summary>
public sealed class SshAuthorityTable
{
    private const string Select =
        "SELECT s.id, s.application_id, a.aud, s.public_key, s.private_key, s.created_at FROM ssh_authorities s " +
        "JOIN access_applications a ON a.id = s.application_id";

    private readonly EdgeDatabase _database;
    private readonly TimeProvider _time;

    internal SshAuthorityTable(EdgeDatabase database, TimeProvider time) => (_database, _time) = (database, time);

    /// <summary>Every authority, the oldest first.</summary>
    public IReadOnlyList<SshAuthorityRecord> List() => _database.Read(c => c.Rows($"{Select} ORDER BY s.created_at, s.id", Read));

    /// <summary>The application's authority, or null.</summary>
    public SshAuthorityRecord? Get(Guid applicationId) => _database.Read(c => Find(c, applicationId));

    /// <summary>Makes a key for an application.</summary>
    /// <param name="applicationId">The application.</param>
    /// <param name="comment">What stands behind the public key.</param>
    /// <returns>The authority; null when there is no such application; <c>false</c> with the one that it has already.</returns>
    public (bool Created, SshAuthorityRecord? Authority) Create(Guid applicationId, string comment)
    {
        using var key = ECDsa.Create(ECCurve.NamedCurves.nistP256);
        var line = SshPublicKey.From(key.ExportParameters(includePrivateParameters: false), comment).ToString();
        var privateKey = key.ExportPkcs8PrivateKey();
        try
        {
            return _database.Write(c =>
            {
                if (Find(c, applicationId) is { } present)
                {
                    return (false, (SshAuthorityRecord?)present);
                }

                // Nothing is inserted where there is no such application.
                c.Execute(
                    "INSERT INTO ssh_authorities (id, application_id, public_key, private_key, created_at) " +
                    "SELECT $id, id, $public, $private, $created FROM access_applications WHERE id = $application",
                    ("$id", Identifiers.NewHex48()),
                    ("$application", Text(applicationId)),
                    ("$public", line),
                    ("$private", privateKey),
                    ("$created", StoreTime.ToText(_time.GetUtcNow())));
                return (true, Find(c, applicationId));
            });
        }
        finally
        {
            CryptographicOperations.ZeroMemory(privateKey);
        }
    }

    /// <summary>Removes the application's authority for good; null when it has none.</summary>
    public SshAuthorityRecord? Remove(Guid applicationId) => _database.Write(c =>
    {
        var authority = Find(c, applicationId);
        c.Execute("DELETE FROM ssh_authorities WHERE application_id = $id", ("$id", Text(applicationId)));
        return authority;
    });

    private static SshAuthorityRecord? Find(SqliteConnection connection, Guid applicationId) =>
        connection.Row($"{Select} WHERE s.application_id = $id", Read, ("$id", Text(applicationId)));

    private static string Text(Guid id) => id.ToString("D");

    private static SshAuthorityRecord Read(SqliteDataReader row) => new()
    {
        Id = row.GetString(0),
        ApplicationId = Guid.Parse(row.GetString(1)),
        Aud = row.GetString(2),
        PublicKey = row.GetString(3),
        PrivateKey = row.GetFieldValue<byte[]>(4),
        CreatedAt = row.Time(5),
    };
}
