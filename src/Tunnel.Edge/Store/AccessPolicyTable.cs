using Microsoft.Data.Sqlite;

namespace Tunnel.Edge.Store;

/// <summary>The policies of the applications.</summary>
public sealed class AccessPolicyTable
{
    private const string Select =
        "SELECT p.id, l.application_id, p.name, p.decision, l.precedence, p.document, p.created_at, p.updated_at " +
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
        return _database.Write(c =>
        {
            if (c.Scalar(
                "SELECT count(*) FROM access_applications WHERE id = $id", ("$id", Text(policy.ApplicationId))) == 0)
            {
                return (PolicyConflict.Missing, (AccessPolicyRecord?)null);
            }

            var placed = policy with { Precedence = precedence ?? Next(c, policy.ApplicationId) };
            return IsTaken(c, placed)
                ? (PolicyConflict.PrecedenceTaken, null)
                : (PolicyConflict.None, Insert(c, _accountId, placed));
        });
    }

    /// <summary>Reads a policy, changes it and writes it back, in one transaction.</summary>
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

    /// <summary>Removes a policy from its application; false when there is none.</summary>
    public bool Remove(Guid applicationId, Guid id) => _database.Write(c =>
    {
        var removed = c.Execute(
            "DELETE FROM access_application_policies WHERE application_id = $application AND policy_id = $id",
            ("$application", Text(applicationId)), ("$id", Text(id)));
        RemoveUnlinked(c);
        return removed == 1;
    });

    internal static List<AccessPolicyRecord> All(SqliteConnection connection) =>
        connection.Rows(Select + "ORDER BY l.application_id, l.precedence", Read);

    internal static List<AccessPolicyRecord> Of(SqliteConnection connection, Guid applicationId) => connection.Rows(
        Select + "WHERE l.application_id = $application ORDER BY l.precedence", Read,
        ("$application", Text(applicationId)));

    internal static AccessPolicyRecord Insert(SqliteConnection connection, string accountId, AccessPolicyRecord policy)
    {
        connection.Execute(
            "INSERT INTO access_policies (id, account_id, name, decision, reusable, document, created_at, updated_at) " +
            "VALUES ($id, $account, $name, $decision, 0, $document, $created, $updated)",
            ("$id", Text(policy.Id)), ("$account", accountId), ("$name", policy.Name), ("$decision", policy.Decision),
            ("$document", policy.Document), ("$created", StoreTime.ToText(policy.CreatedAt)),
            ("$updated", StoreTime.ToText(policy.UpdatedAt)));
        connection.Execute(
            "INSERT INTO access_application_policies (application_id, policy_id, precedence) " +
            "VALUES ($application, $id, $precedence)",
            ("$application", Text(policy.ApplicationId)), ("$id", Text(policy.Id)), ("$precedence", policy.Precedence));
        return policy;
    }

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
        ("$application", Text(policy.ApplicationId)), ("$precedence", policy.Precedence), ("$id", Text(policy.Id))) > 0;

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
    };
}
