using Microsoft.Data.Sqlite;

namespace Tunnel.Edge.Store;

/// <summary>The reusable policies of the account: they live by themselves, and applications hold them by their id.</summary>
public sealed class ReusablePolicyTable
{
    private const string Select =
        "SELECT p.id, p.name, p.decision, p.document, p.created_at, p.updated_at, " +
        "(SELECT count(*) FROM access_application_policies l WHERE l.policy_id = p.id) " +
        "FROM access_policies p WHERE p.reusable = 1 ";

    private readonly EdgeDatabase _database;
    private readonly string _accountId;

    internal ReusablePolicyTable(EdgeDatabase database, string accountId)
    {
        _database = database;
        _accountId = accountId;
    }

    /// <summary>Every reusable policy, the oldest first.</summary>
    public IReadOnlyList<AccessPolicyRecord> List() =>
        _database.Read(c => c.Rows(Select + "ORDER BY p.created_at, p.id", Read));

    /// <summary>One reusable policy, or null.</summary>
    public AccessPolicyRecord? Get(Guid id) => _database.Read(c => Find(c, id));

    /// <summary>Adds a policy. Names need not be unique.</summary>
    public void Add(AccessPolicyRecord policy)
    {
        ArgumentNullException.ThrowIfNull(policy);
        _database.Write(c =>
        {
            AccessPolicyTable.Write(c, _accountId, policy with { Reusable = true });
            return true;
        });
    }

    /// <summary>Reads a policy, changes it for all that hold it, in one transaction; null when there is none.</summary>
    public AccessPolicyRecord? Change(Guid id, Func<AccessPolicyRecord, AccessPolicyRecord> change)
    {
        ArgumentNullException.ThrowIfNull(change);
        return _database.Write(c =>
        {
            if (Find(c, id) is not { } present)
            {
                return null;
            }

            var policy = change(present);
            c.Execute(
                "UPDATE access_policies SET name = $name, decision = $decision, document = $document, " +
                "updated_at = $updated WHERE id = $id",
                ("$name", policy.Name), ("$decision", policy.Decision), ("$document", policy.Document),
                ("$updated", StoreTime.ToText(policy.UpdatedAt)), ("$id", Text(id)));
            return policy;
        });
    }

    /// <summary>Removes a policy that no application holds.</summary>
    public PolicyConflict Remove(Guid id) => _database.Write(c =>
    {
        if (Find(c, id) is not { } present)
        {
            return PolicyConflict.Missing;
        }

        if (present.ApplicationCount > 0)
        {
            return PolicyConflict.InUse;
        }

        c.Execute("DELETE FROM access_policies WHERE id = $id", ("$id", Text(id)));
        return PolicyConflict.None;
    });

    private static AccessPolicyRecord? Find(SqliteConnection connection, Guid id) =>
        connection.Row(Select + "AND p.id = $id", Read, ("$id", Text(id)));

    private static string Text(Guid id) => id.ToString("D");

    private static AccessPolicyRecord Read(SqliteDataReader row) => new()
    {
        Id = Guid.Parse(row.GetString(0)),
        ApplicationId = null,
        Reusable = true,
        Name = row.GetString(1),
        Decision = row.GetString(2),
        Precedence = 0,
        Document = row.GetString(3),
        CreatedAt = row.Time(4),
        UpdatedAt = row.Time(5),
        ApplicationCount = row.GetInt32(6),
    };
}
