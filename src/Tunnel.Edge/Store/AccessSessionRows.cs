using System.Collections.Immutable;
using Microsoft.Data.Sqlite;

namespace Tunnel.Edge.Store;

/// <summary>The rows behind <see cref="AccessSessions"/>.</summary>
internal static class AccessSessionRows
{
    private const string Columns =
        "nonce, user_id, email, provider_id, provider_type, claims, address, user_agent, issued_at, expires_at";

    public static (ImmutableDictionary<string, AccessSessionRecord> Sessions, ImmutableDictionary<Guid, int> Revocations) Load(
        SqliteConnection connection)
    {
        var applications = connection.Rows(
            "SELECT nonce, id, application_id, hostname, issued_at, expires_at FROM access_application_sessions",
            row => (Nonce: row.GetString(0), Application: new AccessApplicationSession(
                row.GetString(1), Guid.Parse(row.GetString(2)), row.GetString(3), row.Time(4), row.Time(5))))
            .ToLookup(r => r.Nonce, r => r.Application, StringComparer.Ordinal);
        var purposes = connection.Rows(
            "SELECT nonce, application_id, policy_id, purpose, expires_at FROM access_purposes",
            row => (Nonce: row.GetString(0), Purpose: new AccessPurpose(
                Guid.Parse(row.GetString(1)), row.GetString(2), row.GetString(3), row.Time(4))))
            .ToLookup(r => r.Nonce, r => r.Purpose, StringComparer.Ordinal);
        var sessions = connection.Rows($"SELECT {Columns} FROM access_sessions", row => new AccessSessionRecord
        {
            Nonce = row.GetString(0),
            UserId = Guid.Parse(row.GetString(1)),
            Email = row.GetString(2),
            ProviderId = row.GetString(3),
            ProviderType = row.GetString(4),
            Claims = row.GetString(5),
            Address = row.GetString(6),
            UserAgent = row.GetString(7),
            IssuedAt = row.Time(8),
            ExpiresAt = row.Time(9),
            Applications = [.. applications[row.GetString(0)]],
            Purposes = [.. purposes[row.GetString(0)]],
        });
        var revocations = connection.Rows(
            "SELECT application_id, count FROM access_application_revocations",
            row => KeyValuePair.Create(Guid.Parse(row.GetString(0)), row.GetInt32(1)));
        return (sessions.ToImmutableDictionary(s => s.Nonce, StringComparer.Ordinal), revocations.ToImmutableDictionary());
    }

    public static void Insert(SqliteConnection connection, AccessSessionRecord session, string identity, string? name)
    {
        connection.Execute(
            $"INSERT INTO access_sessions ({Columns}) VALUES ($nonce, $user, $email, $provider, $type, $claims, $address, " +
            "$agent, $issued, $expires)",
            ("$nonce", session.Nonce), ("$user", AccessUserTable.Text(session.UserId)), ("$email", session.Email),
            ("$provider", session.ProviderId), ("$type", session.ProviderType), ("$claims", session.Claims),
            ("$address", session.Address), ("$agent", session.UserAgent),
            ("$issued", StoreTime.ToText(session.IssuedAt)), ("$expires", StoreTime.ToText(session.ExpiresAt)));
        connection.Execute(
            "UPDATE access_users SET last_successful_login = $now, last_identity = $identity, " +
            "name = coalesce($name, name), updated_at = $now WHERE id = $user",
            ("$now", StoreTime.ToText(session.IssuedAt)), ("$identity", identity), ("$name", name),
            ("$user", AccessUserTable.Text(session.UserId)));
    }

    public static int Put(SqliteConnection connection, string nonce, AccessApplicationSession opened) => connection.Execute(
        "INSERT OR REPLACE INTO access_application_sessions (id, nonce, application_id, hostname, issued_at, expires_at) " +
        "VALUES ($id, $nonce, $application, $hostname, $issued, $expires)",
        ("$id", opened.Id), ("$nonce", nonce), ("$application", AccessUserTable.Text(opened.ApplicationId)),
        ("$hostname", opened.Hostname), ("$issued", StoreTime.ToText(opened.IssuedAt)),
        ("$expires", StoreTime.ToText(opened.ExpiresAt)));

    public static int Put(SqliteConnection connection, string nonce, AccessPurpose purpose) => connection.Execute(
        "INSERT OR REPLACE INTO access_purposes (nonce, application_id, policy_id, purpose, expires_at) " +
        "VALUES ($nonce, $application, $policy, $purpose, $expires)",
        ("$nonce", nonce), ("$application", AccessUserTable.Text(purpose.ApplicationId)), ("$policy", purpose.PolicyId),
        ("$purpose", purpose.Text), ("$expires", StoreTime.ToText(purpose.ExpiresAt)));

    public static int Delete(SqliteConnection connection, IEnumerable<string> nonces) =>
        nonces.Sum(nonce => connection.Execute("DELETE FROM access_sessions WHERE nonce = $nonce", ("$nonce", nonce)));

    public static int RevokeApplication(SqliteConnection connection, Guid applicationId)
    {
        var id = AccessUserTable.Text(applicationId);
        connection.Execute(
            "INSERT INTO access_application_revocations (application_id, count) " +
            "SELECT id, 1 FROM access_applications WHERE id = $id ON CONFLICT (application_id) DO UPDATE SET count = count + 1", ("$id", id));
        return connection.Execute("DELETE FROM access_application_sessions WHERE application_id = $id", ("$id", id));
    }
}
