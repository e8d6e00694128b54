using Microsoft.Data.Sqlite;

namespace Tunnel.Edge.Store;

/// <summary>The Access applications of the account.</summary>
public sealed class AccessApplicationTable
{
    private const string Columns =
        "id, account_id, aud, name, type, session_duration, service_auth_401_redirect, document, created_at, updated_at";

    private readonly EdgeDatabase _database;

    internal AccessApplicationTable(EdgeDatabase database) => _database = database;

    /// <summary>Every application with its policies, the oldest first.</summary>
    public IReadOnlyList<AccessApplicationRecord> List() => _database.Read(All);

    /// <summary>One application with its policies, or null.</summary>
    public AccessApplicationRecord? Get(Guid id) => _database.Read(c => Find(c, id));

    /// <summary>The application of an audience tag, or null.</summary>
    public AccessApplicationRecord? GetByAud(string aud) => _database.Read(c => c.Row(
        "SELECT id FROM access_applications WHERE aud = $aud", row => row.GetString(0), ("$aud", aud)) is { } id
            ? Find(c, Guid.Parse(id))
            : null);

    /// <summary>
    /// Adds an application with its <see cref="AccessApplicationRecord.PolicyRecords"/>; false when another one covers
    /// one of its domains.
    /// </summary>
    public bool TryAdd(AccessApplicationRecord application) => Add(() => application).Written;

    /// <summary>Adds an application that is made when nothing else is being written: reusable policies that it names stay.</summary>
    /// <returns><c>false</c> when another one covers one of its domains.</returns>
    public (bool Written, AccessApplicationRecord Application) Add(Func<AccessApplicationRecord> make)
    {
        ArgumentNullException.ThrowIfNull(make);
        return _database.Write(c =>
        {
            var application = make();
            if (IsTaken(c, application))
            {
                return (false, application);
            }

            c.Execute(
                $"INSERT INTO access_applications ({Columns}) VALUES ($id, $account, $aud, $name, $type, $session, " +
                "$redirect, $document, $created, $updated)",
                Values(application));
            InsertDomains(c, application);
            foreach (var policy in application.PolicyRecords)
            {
                AccessPolicyTable.Insert(c, application.AccountId, policy);
            }

            return (true, application);
        });
    }

    /// <summary>
    /// Reads an application, changes it and writes it back, in one transaction. Policies are written only when the
    /// change gave another list: then they replace all that were there.
    /// </summary>
    /// <returns>Null when there is none; <c>false</c> when another one covers one of its domains.</returns>
    public (bool Written, AccessApplicationRecord? Application) Change(
        Guid id, Func<AccessApplicationRecord, AccessApplicationRecord> change)
    {
        ArgumentNullException.ThrowIfNull(change);
        return _database.Write(c =>
        {
            if (Find(c, id) is not { } present)
            {
                return (false, (AccessApplicationRecord?)null);
            }

            var application = change(present);
            if (IsTaken(c, application))
            {
                return (false, application);
            }

            c.Execute(
                "UPDATE access_applications SET account_id = $account, aud = $aud, name = $name, type = $type, " +
                "session_duration = $session, service_auth_401_redirect = $redirect, document = $document, " +
                "created_at = $created, updated_at = $updated WHERE id = $id",
                Values(application));
            c.Execute("DELETE FROM access_application_domains WHERE application_id = $id", ("$id", Text(id)));
            InsertDomains(c, application);
            if (!ReferenceEquals(application.PolicyRecords, present.PolicyRecords))
            {
                c.Execute("DELETE FROM access_application_policies WHERE application_id = $id", ("$id", Text(id)));
                AccessPolicyTable.RemoveUnlinked(c);
                foreach (var policy in application.PolicyRecords)
                {
                    AccessPolicyTable.Insert(c, application.AccountId, policy);
                }
            }

            return (true, application);
        });
    }

    /// <summary>Removes an application with its policies; false when there is none.</summary>
    public bool Remove(Guid id) => _database.Write(c =>
    {
        var removed = c.Execute("DELETE FROM access_applications WHERE id = $id", ("$id", Text(id))) == 1;
        AccessPolicyTable.RemoveUnlinked(c);
        return removed;
    });

    internal static List<AccessApplicationRecord> All(SqliteConnection connection)
    {
        var domains = connection.Rows(
            "SELECT application_id, domain FROM access_application_domains ORDER BY application_id, position",
            row => (Application: Guid.Parse(row.GetString(0)), Domain: row.GetString(1)))
            .ToLookup(d => d.Application, d => d.Domain);
        var policies = AccessPolicyTable.All(connection).ToLookup(p => p.ApplicationId);
        return connection.Rows($"SELECT {Columns} FROM access_applications ORDER BY created_at, id", row =>
        {
            var application = Read(row);
            return application with
            {
                Domains = [.. domains[application.Id]], PolicyRecords = [.. policies[application.Id]],
            };
        });
    }

    private static AccessApplicationRecord? Find(SqliteConnection connection, Guid id)
    {
        var application = connection.Row(
            $"SELECT {Columns} FROM access_applications WHERE id = $id", Read, ("$id", Text(id)));
        return application is null ? null : application with
        {
            Domains = connection.Rows(
                "SELECT domain FROM access_application_domains WHERE application_id = $id ORDER BY position",
                row => row.GetString(0), ("$id", Text(id))),
            PolicyRecords = AccessPolicyTable.Of(connection, id),
        };
    }

    private static bool IsTaken(SqliteConnection connection, AccessApplicationRecord application)
    {
        foreach (var domain in application.Domains)
        {
            if (connection.Scalar(
                "SELECT count(*) FROM access_application_domains WHERE domain = $domain AND application_id <> $id",
                ("$domain", domain), ("$id", Text(application.Id))) > 0)
            {
                return true;
            }
        }

        return false;
    }

    private static void InsertDomains(SqliteConnection connection, AccessApplicationRecord application)
    {
        for (var position = 0; position < application.Domains.Count; position++)
        {
            connection.Execute(
                "INSERT INTO access_application_domains (domain, application_id, position) VALUES ($domain, $id, $position)",
                ("$domain", application.Domains[position]), ("$id", Text(application.Id)), ("$position", position));
        }
    }

    private static string Text(Guid id) => id.ToString("D");

    private static (string Name, object? Value)[] Values(AccessApplicationRecord application) =>
    [
        ("$id", Text(application.Id)),
        ("$account", application.AccountId),
        ("$aud", application.Aud),
        ("$name", application.Name),
        ("$type", application.Type),
        ("$session", application.SessionDuration.ToString("c", null)),
        ("$redirect", application.ServiceAuth401Redirect),
        ("$document", application.Document),
        ("$created", StoreTime.ToText(application.CreatedAt)),
        ("$updated", StoreTime.ToText(application.UpdatedAt)),
    ];

    private static AccessApplicationRecord Read(SqliteDataReader row) => new()
    {
        Id = Guid.Parse(row.GetString(0)),
        AccountId = row.GetString(1),
        Aud = row.GetString(2),
        Name = row.GetString(3),
        Type = row.GetString(4),
        SessionDuration = TimeSpan.ParseExact(row.GetString(5), "c", null),
        ServiceAuth401Redirect = row.GetBoolean(6),
        Document = row.GetString(7),
        CreatedAt = row.Time(8),
        UpdatedAt = row.Time(9),
        Domains = [],
    };
}
