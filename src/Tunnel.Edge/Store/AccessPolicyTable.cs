using Microsoft.Data.Sqlite;

namespace Tunnel.Edge.Store;

/// <summary>
/// The policies as applications hold them: their own, which are made, changed and removed here, and reusable ones, which
/// <see cref="ReusablePolicyTable"/> keeps.
/// </summary>
public sealed class AccessPolicyTable
{
    private const string Select =
        "SELECT p.id, l.application_id, p.name, p.decision, l.precedence, p.document, p.created_at, p.updated_at, p.reusable " +
        "FROM access_application_policies l JOIN access_policies p ON p.id = l.policy_id ";

    private readonly EdgeDatabase _database;
    private readonly string _accountId;

    internal AccessPolicyTable(EdgeDatabase database, string accountId)
    {
        _database = database;
        _accountId = accountId;
    }

    /// <summary>The policies of an application by precedence.</summary>
    public IReadOnlyList<AccessPolicyRecord> List(Guid applicationId) => _database.Read(c => Of(c, applicationId));

    /// <summary>One policy of an application, or null.</summary>
    public AccessPolicyRecord? Get(Guid applicationId, Guid id) => _database.Read(c => Find(c, applicationId, id));

    /// <summary>
    /// Adds a policy to its application. Its precedence is <paramref name="precedence"/>, else the next one after the
    /// last; <see cref="AccessPolicyRecord.Precedence"/> as given is not looked at.
    /// </summary>
    public (PolicyConflict Conflict, AccessPolicyRecord? Policy) Add(AccessPolicyRecord policy, int? precedence)
    {
        ArgumentNullException.ThrowIfNull(policy);
        var applicationId = policy.ApplicationId ?? throw new ArgumentException("The policy has no application.", nameof(policy));
        return _database.Write(c =>
        {
            if (c.Scalar("SELECT count(*) FROM access_applications WHERE id = $id", ("$id", Text(applicationId))) == 0)
            {
                return (PolicyConflict.Missing, (AccessPolicyRecord?)null);
            }

            var placed = policy with { Precedence = precedence ?? Next(c, applicationId) };
            return IsTaken(c, placed)
                ? (PolicyConflict.PrecedenceTaken, null)
                : (PolicyConflict.None, Insert(c, _accountId, placed));
        });
    }

    /// <summary>Reads a policy of the application's own, changes it and writes it back, in one transaction.</summary>
    public (PolicyConflict Conflict, AccessPolicyRecord? Policy) Change(
        Guid applicationId, Guid id, Func<AccessPolicyRecord, AccessPolicyRecord> change)
    {
        ArgumentNullException.ThrowIfNull(change);
        return _database.Write(c =>
        {
            if (Find(c, applicationId, id) is not { } present)
            {
                return (PolicyConflict.Missing, (AccessPolicyRecord?)null);
            }

            if (present.Reusable)
            {
                return (PolicyConflict.Reusable, null);
            }

            var policy = change(present);
            if (IsTaken(c, policy))
            {
                return (PolicyConflict.PrecedenceTaken, null);
            }

            c.Execute(
                "UPDATE access_policies SET name = $name, decision = $decision, document = $document, " +
                "updated_at = $updated WHERE id = $id",
                ("$name", policy.Name), ("$decision", policy.Decision), ("$document", policy.Document),
                ("$updated", StoreTime.ToText(policy.UpdatedAt)), ("$id", Text(id)));
            c.Execute(
                "UPDATE access_application_policies SET precedence = $precedence " +
                "WHERE application_id = $application AND policy_id = $id",
                ("$precedence", policy.Precedence), ("$application", Text(applicationId)), ("$id", Text(id)));
            return (PolicyConflict.None, policy);
        });
    }

    /// <summary>Removes a policy of the application's own.</summary>
    public PolicyConflict Remove(Guid applicationId, Guid id) => _database.Write(c =>
    {
        if (Find(c, applicationId, id) is not { } present)
        {
            return PolicyConflict.Missing;
        }

        if (!present.Reusable)
        {
            c.Execute("DELETE FROM access_policies WHERE id = $id", ("$id", Text(id)));
        }

        return present.Reusable ? PolicyConflict.Reusable : PolicyConflict.None;
    });

    /// <summary>Makes a reusable policy of one of the application's own, which goes on to hold it; null when there is none.</summary>
    public AccessPolicyRecord? MakeReusable(Guid applicationId, Guid id, DateTimeOffset now) => _database.Write(c =>
    {
        if (Find(c, applicationId, id) is not { Reusable: false } present)
        {
            return Find(c, applicationId, id);
        }

        c.Execute("UPDATE access_policies SET reusable = 1, updated_at = $now WHERE id = $id",
            ("$now", StoreTime.ToText(now)), ("$id", Text(id)));
        return present with { Reusable = true, UpdatedAt = now };
    });

    internal static List<AccessPolicyRecord> All(SqliteConnection connection) =>
        connection.Rows(Select + "ORDER BY l.application_id, l.precedence", Read);

    internal static List<AccessPolicyRecord> Of(SqliteConnection connection, Guid applicationId) => connection.Rows(
        Select + "WHERE l.application_id = $application ORDER BY l.precedence", Read,
        ("$application", Text(applicationId)));

    /// <summary>Gives an application a policy: its own is written, a reusable one is there already.</summary>
    internal static AccessPolicyRecord Insert(SqliteConnection connection, string accountId, AccessPolicyRecord policy)
    {
        if (!policy.Reusable)
        {
            Write(connection, accountId, policy);
        }

        connection.Execute(
            "INSERT INTO access_application_policies (application_id, policy_id, precedence) " +
            "VALUES ($application, $id, $precedence)",
            ("$application", policy.ApplicationId?.ToString("D")), ("$id", Text(policy.Id)), ("$precedence", policy.Precedence));
        return policy;
    }

    internal static void Write(SqliteConnection connection, string accountId, AccessPolicyRecord policy) => connection.Execute(
        "INSERT INTO access_policies (id, account_id, name, decision, reusable, document, created_at, updated_at) " +
        "VALUES ($id, $account, $name, $decision, $reusable, $document, $created, $updated)",
        ("$id", Text(policy.Id)), ("$account", accountId), ("$name", policy.Name), ("$decision", policy.Decision),
        ("$reusable", policy.Reusable), ("$document", policy.Document), ("$created", StoreTime.ToText(policy.CreatedAt)),
        ("$updated", StoreTime.ToText(policy.UpdatedAt)));

    /// <summary>Policies that are not reusable live no longer than their application holds them.</summary>
    internal static void RemoveUnlinked(SqliteConnection connection) => connection.Execute(
        "DELETE FROM access_policies WHERE reusable = 0 " +
        "AND id NOT IN (SELECT policy_id FROM access_application_policies)");

    private static AccessPolicyRecord? Find(SqliteConnection connection, Guid applicationId, Guid id) => connection.Row(
        Select + "WHERE l.application_id = $application AND l.policy_id = $id", Read,
        ("$application", Text(applicationId)), ("$id", Text(id)));

    private static int Next(SqliteConnection connection, Guid applicationId) => 1 + (int)connection.Scalar(
        "SELECT coalesce(max(precedence), 0) FROM access_application_policies WHERE application_id = $application",
        ("$application", Text(applicationId)));

    private static bool IsTaken(SqliteConnection connection, AccessPolicyRecord policy) => connection.Scalar(
        "SELECT count(*) FROM access_application_policies " +
        "WHERE application_id = $application AND precedence = $precedence AND policy_id <> $id",
        ("$application", policy.ApplicationId?.ToString("D")), ("$precedence", policy.Precedence), ("$id", Text(policy.Id))) > 0;

    private static string Text(Guid id) => id.ToString("D");

    private static AccessPolicyRecord Read(SqliteDataReader row) => new()
    {
        Id = Guid.Parse(row.GetString(0)),
        ApplicationId = Guid.Parse(row.GetString(1)),
        Name = row.GetString(2),
        Decision = row.GetString(3),
        Precedence = row.GetInt32(4),
        Document = row.GetString(5),
        CreatedAt = row.Time(6),
        UpdatedAt = row.Time(7),
        Reusable = row.GetBoolean(8),
    };
}
