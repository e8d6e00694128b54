using System.Text.Json;
using System.Text.Json.Nodes;
using Microsoft.Data.Sqlite;

namespace Tunnel.Edge.Store;

/// <summary>The authorities for client certificates, of the account and of its zones.</summary>
public sealed class AccessCertificateTable
{
    private const string Columns = "id, account_id, zone_id, name, certificate, hostnames, created_at, updated_at";

    private readonly EdgeDatabase _database;

    internal AccessCertificateTable(EdgeDatabase database) => _database = database;

    /// <summary>Those that a zone lists, or with null those that the account lists; the newest first.</summary>
    public IReadOnlyList<AccessCertificateRecord> List(string? zoneId) => _database.Read(c => c.Rows(
        $"SELECT {Columns} FROM access_certificates WHERE zone_id IS $zone ORDER BY created_at DESC, id", Read, ("$zone", zoneId)));

    /// <summary>One of the zone or account, or null.</summary>
    public AccessCertificateRecord? Get(string? zoneId, Guid id) => _database.Read(c => Find(c, zoneId, id));

    /// <summary>Adds an authority; false when the zone or account has its certificate already.</summary>
    public bool Add(AccessCertificateRecord certificate)
    {
        ArgumentNullException.ThrowIfNull(certificate);
        return _database.Write(c =>
        {
            if (c.Scalar(
                "SELECT count(*) FROM access_certificates WHERE zone_id IS $zone AND certificate = $certificate",
                ("$zone", certificate.ZoneId), ("$certificate", certificate.Certificate.ToArray())) > 0)
            {
                return false;
            }

            c.Execute(
                $"INSERT INTO access_certificates ({Columns}) " +
                "VALUES ($id, $account, $zone, $name, $certificate, $hostnames, $created, $updated)",
                Values(certificate));
            return true;
        });
    }

    /// <summary>Reads one, changes it and writes it back, in one transaction; null when there is none.</summary>
    public AccessCertificateRecord? Change(string? zoneId, Guid id, Func<AccessCertificateRecord, AccessCertificateRecord> change)
    {
        ArgumentNullException.ThrowIfNull(change);
        return _database.Write(c =>
        {
            if (Find(c, zoneId, id) is not { } present)
            {
                return null;
            }

            var changed = change(present);
            c.Execute(
                "UPDATE access_certificates SET name = $name, hostnames = $hostnames, updated_at = $updated WHERE id = $id",
                ("$id", Text(id)), ("$name", changed.Name), ("$hostnames", Text(changed.Hostnames)),
                ("$updated", StoreTime.ToText(changed.UpdatedAt)));
            return changed;
        });
    }

    /// <summary>Removes one that counts nowhere any more.</summary>
    /// <returns>What was there; it is removed if it has no hostnames.</returns>
    public AccessCertificateRecord? Remove(string? zoneId, Guid id) => _database.Write(c =>
    {
        var present = Find(c, zoneId, id);
        if (present is { Hostnames.Count: 0 })
        {
            c.Execute("DELETE FROM access_certificates WHERE id = $id", ("$id", Text(id)));
        }

        return present;
    });

    internal static IReadOnlyDictionary<string, IReadOnlyList<AccessCertificateRecord>> ByHostname(SqliteConnection connection) =>
        connection.Rows($"SELECT {Columns} FROM access_certificates", Read)
            .SelectMany(certificate => certificate.Hostnames.Select(hostname => (hostname, certificate)))
            .GroupBy(pair => pair.hostname, pair => pair.certificate, StringComparer.OrdinalIgnoreCase)
            .ToDictionary(g => g.Key, g => (IReadOnlyList<AccessCertificateRecord>)[.. g], StringComparer.OrdinalIgnoreCase);

    private static AccessCertificateRecord? Find(SqliteConnection connection, string? zoneId, Guid id) => connection.Row(
        $"SELECT {Columns} FROM access_certificates WHERE zone_id IS $zone AND id = $id", Read, ("$zone", zoneId), ("$id", Text(id)));

    private static string Text(Guid id) => id.ToString("D");

    private static string Text(IReadOnlyList<string> hostnames) =>
        new JsonArray([.. hostnames.Select(h => JsonValue.Create(h))]).ToJsonString();

    private static (string Name, object? Value)[] Values(AccessCertificateRecord certificate) =>
    [
        ("$id", Text(certificate.Id)),
        ("$account", certificate.AccountId),
        ("$zone", certificate.ZoneId),
        ("$name", certificate.Name),
        ("$certificate", certificate.Certificate.ToArray()),
        ("$hostnames", Text(certificate.Hostnames)),
        ("$created", StoreTime.ToText(certificate.CreatedAt)),
        ("$updated", StoreTime.ToText(certificate.UpdatedAt)),
    ];

    private static AccessCertificateRecord Read(SqliteDataReader row)
    {
        using var hostnames = JsonDocument.Parse(row.GetString(5));
        return new AccessCertificateRecord
        {
            Id = Guid.Parse(row.GetString(0)),
            AccountId = row.GetString(1),
            ZoneId = row.OptionalText(2),
            Name = row.GetString(3),
            Certificate = row.GetFieldValue<byte[]>(4),
            Hostnames = [.. hostnames.RootElement.EnumerateArray().Select(h => h.GetString()!)],
            CreatedAt = row.Time(6),
            UpdatedAt = row.Time(7),
        };
    }
}
