using System.Collections.Immutable;
using Microsoft.Data.Sqlite;

namespace Tunnel.Edge.Store;

/// <summary>The rows behind <see cref="AccessApprovals"/>.</summary>
internal static class AccessApprovalRows
{
    public static ImmutableDictionary<string, AccessApproval> Load(SqliteConnection connection)
    {
        var votes = connection.Rows(
            "SELECT approval_id, email, approves, voted_at, until FROM access_approval_votes ORDER BY voted_at",
            row => (Id: row.GetString(0), Vote: new AccessApprovalVote(row.GetString(1), row.GetInt32(2) == 1, row.Time(3), row.Time(4))))
            .ToLookup(r => r.Id, r => r.Vote, StringComparer.Ordinal);
        return connection.Rows(
            "SELECT id, application_id, policy_id, email, purpose, address, country, requested_at, expires_at, ended_at FROM access_approvals",
            row => new AccessApproval
            {
                Id = row.GetString(0),
                ApplicationId = Guid.Parse(row.GetString(1)),
                PolicyId = row.GetString(2),
                Email = row.GetString(3),
                Purpose = row.IsDBNull(4) ? null : row.GetString(4),
                Address = row.GetString(5),
                Country = row.IsDBNull(6) ? null : row.GetString(6),
                RequestedAt = row.Time(7),
                ExpiresAt = row.Time(8),
                EndedAt = row.IsDBNull(9) ? null : row.Time(9),
                Votes = [.. votes[row.GetString(0)]],
            }).ToImmutableDictionary(a => a.Id, StringComparer.Ordinal);
    }

    public static int Insert(SqliteConnection connection, AccessApproval asked) => connection.Execute(
        "INSERT INTO access_approvals (id, application_id, policy_id, email, purpose, address, country, requested_at, expires_at) " +
        "VALUES ($id, $application, $policy, $email, $purpose, $address, $country, $requested, $expires)",
        ("$id", asked.Id), ("$application", AccessUserTable.Text(asked.ApplicationId)), ("$policy", asked.PolicyId),
        ("$email", asked.Email), ("$purpose", asked.Purpose), ("$address", asked.Address), ("$country", asked.Country),
        ("$requested", StoreTime.ToText(asked.RequestedAt)), ("$expires", StoreTime.ToText(asked.ExpiresAt)));

    public static int Put(SqliteConnection connection, string id, AccessApprovalVote vote) => connection.Execute(
        "INSERT OR REPLACE INTO access_approval_votes (approval_id, email, approves, voted_at, until) " +
        "VALUES ($id, $email, $approves, $voted, $until)",
        ("$id", id), ("$email", vote.Email), ("$approves", vote.Approves ? 1 : 0), ("$voted", StoreTime.ToText(vote.VotedAt)),
        ("$until", StoreTime.ToText(vote.Until)));

    public static int End(SqliteConnection connection, string id, DateTimeOffset endedAt) => connection.Execute(
        "UPDATE access_approvals SET ended_at = $ended WHERE id = $id", ("$id", id), ("$ended", StoreTime.ToText(endedAt)));

    public static int Delete(SqliteConnection connection, IEnumerable<string> ids) =>
        ids.Sum(id => connection.Execute("DELETE FROM access_approvals WHERE id = $id", ("$id", id)));
}
