using Microsoft.Data.Sqlite;

namespace Tunnel.Edge.Store;

/// <summary>People who have signed in or were entered, and their failed tries. No gateway decides by them.</summary>
public sealed class AccessUserTable
{
    /// <summary>Of one person; older ones are forgotten.</summary>
    private const int MaxFailedLogins = 100;

    private const string Columns = "id, account_id, email, name, last_successful_login, created_at, updated_at";

    private readonly EdgeDatabase _database;
    private readonly string _accountId;

    internal AccessUserTable(EdgeDatabase database, string accountId) => (_database, _accountId) = (database, accountId);

    /// <summary>Everybody, the latest sign-in first.</summary>
    public IReadOnlyList<AccessUserRecord> List() => _database.Read(c => c.Rows(
        $"SELECT {Columns} FROM access_users ORDER BY last_successful_login DESC, created_at DESC, id", Read));

    /// <summary>One person, or null.</summary>
    public AccessUserRecord? Get(Guid id) => _database.Read(c => c.Row(
        $"SELECT {Columns} FROM access_users WHERE id = $id", Read, ("$id", Text(id))));

    /// <summary>One person by mail address, or null.</summary>
    public AccessUserRecord? Find(string email)
    {
        ArgumentNullException.ThrowIfNull(email);
        return _database.Read(c => Find(c, Normalize(email)));
    }

    /// <summary>Adds a person; null when the address is there already.</summary>
    public AccessUserRecord? TryAdd(string email, string? name, DateTimeOffset now)
    {
        ArgumentNullException.ThrowIfNull(email);
        return _database.WriteApart(c => Find(c, Normalize(email)) is null
            ? Insert(c, _accountId, Normalize(email), name, now) : null);
    }

    /// <summary>Changes name and address; null when there is no such person.</summary>
    /// <exception cref="SqliteException">The address is another person's.</exception>
    public AccessUserRecord? Rename(Guid id, string email, string? name, DateTimeOffset now) => _database.WriteApart(c =>
        c.Execute(
            "UPDATE access_users SET email = $email, name = $name, updated_at = $now WHERE id = $id",
            ("$email", Normalize(email)), ("$name", name), ("$now", StoreTime.ToText(now)), ("$id", Text(id))) == 0
            ? null
            : c.Row($"SELECT {Columns} FROM access_users WHERE id = $id", Read, ("$id", Text(id))));

    /// <summary>Forgets a person. End the sessions after it, so that none begins in between: see <see cref="IAccessSessions"/>.</summary>
    public bool Remove(Guid id) =>
        _database.WriteApart(c => c.Execute("DELETE FROM access_users WHERE id = $id", ("$id", Text(id)))) == 1;

    /// <summary>What the last sign-in told about a person: the JSON object that the API answers; null before the first.</summary>
    public string? LastIdentity(Guid id) => _database.Read(c => c.Row(
        "SELECT last_identity FROM access_users WHERE id = $id", row => row.OptionalText(0) ?? "", ("$id", Text(id)))) is { Length: > 0 } json
            ? json : null;

    /// <summary>Notes that somebody tried to sign in as a person who is known, and was refused.</summary>
    public void AddFailedLogin(string email, DateTimeOffset at, string document)
    {
        ArgumentNullException.ThrowIfNull(email);
        _database.WriteApart(c =>
        {
            if (Find(c, Normalize(email)) is not { } user)
            {
                return 0;
            }

            c.Execute(
                "INSERT INTO access_failed_logins (user_id, at, document) VALUES ($user, $at, $document)",
                ("$user", Text(user.Id)), ("$at", StoreTime.ToText(at)), ("$document", document));
            return c.Execute(
                "DELETE FROM access_failed_logins WHERE user_id = $user AND rowid NOT IN " +
                "(SELECT rowid FROM access_failed_logins WHERE user_id = $user ORDER BY at DESC LIMIT $most)",
                ("$user", Text(user.Id)), ("$most", MaxFailedLogins));
        });
    }

    /// <summary>The failed tries of a person, the latest first.</summary>
    public IReadOnlyList<(DateTimeOffset At, string Document)> FailedLogins(Guid id) => _database.Read(c => c.Rows(
        "SELECT at, document FROM access_failed_logins WHERE user_id = $id ORDER BY at DESC",
        row => (row.Time(0), row.GetString(1)), ("$id", Text(id))));

    internal static string Normalize(string email) => email.Trim().ToLowerInvariant();

    internal static AccessUserRecord? Find(SqliteConnection connection, string email) =>
        connection.Row($"SELECT {Columns} FROM access_users WHERE email = $email", Read, ("$email", email));

    internal static AccessUserRecord Insert(
        SqliteConnection connection, string accountId, string email, string? name, DateTimeOffset now)
    {
        var user = new AccessUserRecord
        {
            Id = Guid.NewGuid(), AccountId = accountId, Email = email, Name = name, CreatedAt = now, UpdatedAt = now,
        };
        connection.Execute(
            "INSERT INTO access_users (id, account_id, email, name, created_at, updated_at) " +
            "VALUES ($id, $account, $email, $name, $now, $now)",
            ("$id", Text(user.Id)), ("$account", accountId), ("$email", email), ("$name", name), ("$now", StoreTime.ToText(now)));
        return user;
    }

    internal static string Text(Guid id) => id.ToString("D");

    private static AccessUserRecord Read(SqliteDataReader row) => new()
    {
        Id = Guid.Parse(row.GetString(0)),
        AccountId = row.GetString(1),
        Email = row.GetString(2),
        Name = row.OptionalText(3),
        LastSuccessfulLogin = row.OptionalTime(4),
        CreatedAt = row.Time(5),
        UpdatedAt = row.Time(6),
    };
}
