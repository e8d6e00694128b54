using System.Collections.Concurrent;
using System.Security.Cryptography;
using System.Text;
using Microsoft.Data.Sqlite;

namespace Tunnel.Edge.Store;

/// <summary>The API tokens of the account and of its user.</summary>
public sealed class ApiTokenTable
{
    private const string Columns =
        "id, name, administrator, account_owned, status, policies, condition, issued_on, modified_on, not_before, expires_on";

    private readonly EdgeDatabase _database;
    private readonly string _accountId;
    private readonly TimeProvider _time;

    // Not written to the database: each request would be a write, and each write makes the gateway read anew.
    private readonly ConcurrentDictionary<string, DateTimeOffset> _used = new(StringComparer.Ordinal);

    internal ApiTokenTable(EdgeDatabase database, string accountId, TimeProvider time)
    {
        _database = database;
        _accountId = accountId;
        _time = time;
    }

    /// <summary>The token with this value, whatever its status; null when there is none.</summary>
    public ApiTokenRecord? Find(string value)
    {
        var hash = HashOf(value);
        var rows = _database.Read(c => c.Rows(
            $"SELECT {Columns}, hash FROM api_tokens",
            row => (Hash: row.GetFieldValue<byte[]>(11), Token: Read(row))));
        ApiTokenRecord? found = null;
        foreach (var (rowHash, token) in rows)
        {
            if (CryptographicOperations.FixedTimeEquals(hash, rowHash))
            {
                found = token;
            }
        }

        return found;
    }

    /// <summary>The account's tokens, or the user's; the oldest first.</summary>
    public IReadOnlyList<ApiTokenRecord> List(bool accountOwned) => _database.Read(c => c.Rows(
        $"SELECT {Columns} FROM api_tokens WHERE account_owned = $owned ORDER BY issued_on, id", Read, ("$owned", accountOwned)));

    /// <summary>One token, or null.</summary>
    public ApiTokenRecord? Get(string id) => _database.Read(c => Find(c, id));

    /// <summary>Adds a token and returns its value, which cannot be read again.</summary>
    public string Add(ApiTokenRecord token)
    {
        ArgumentNullException.ThrowIfNull(token);
        return _database.Write(c => Insert(c, _accountId, token));
    }

    /// <summary>Reads a token, changes it and writes it back, in one transaction; null when there is none.</summary>
    public ApiTokenRecord? Change(string id, Func<ApiTokenRecord, ApiTokenRecord> change)
    {
        ArgumentNullException.ThrowIfNull(change);
        return _database.Write(c =>
        {
            if (Find(c, id) is not { } present)
            {
                return null;
            }

            var token = change(present);
            c.Execute(
                "UPDATE api_tokens SET name = $name, administrator = $administrator, account_owned = $owned, " +
                "status = $status, policies = $policies, condition = $condition, issued_on = $issued, " +
                "modified_on = $modified, not_before = $from, expires_on = $until WHERE id = $id",
                Values(token));
            return token;
        });
    }

    /// <summary>Gives a token a new value and returns it; the old one stops being valid. Null when there is no token.</summary>
    public string? Roll(string id) => _database.Write(c =>
    {
        var value = Identifiers.NewApiToken();
        var now = StoreTime.ToText(_time.GetUtcNow());
        return c.Execute(
            "UPDATE api_tokens SET hash = $hash, issued_on = $now, modified_on = $now WHERE id = $id",
            ("$id", id), ("$hash", HashOf(value)), ("$now", now)) == 1 ? value : null;
    });

    /// <summary>Removes a token, which stops being valid.</summary>
    public bool Remove(string id)
    {
        _used.TryRemove(id, out _);
        return _database.Write(c => c.Execute("DELETE FROM api_tokens WHERE id = $id", ("$id", id)) == 1);
    }

    /// <summary>Notes that a token was used now.</summary>
    public void Used(string id) => _used[id] = _time.GetUtcNow();

    /// <summary>
    /// Makes a token that may do everything and returns its value, which cannot be read again. Such tokens of the same name
    /// stop being valid.
    /// </summary>
    public string Issue(string name) => _database.Write(c =>
    {
        c.Execute("DELETE FROM api_tokens WHERE administrator = 1 AND name = $name", ("$name", name));
        return InsertAdministrator(c, _accountId, name, _time.GetUtcNow());
    });

    internal static string InsertAdministrator(
        SqliteConnection connection, string accountId, string name, DateTimeOffset now) =>
        Insert(connection, accountId, new ApiTokenRecord
        {
            Id = Identifiers.NewHex32(), Name = name, IsAdministrator = true, IssuedOn = now, ModifiedOn = now,
        });

    private static string Insert(SqliteConnection connection, string accountId, ApiTokenRecord token)
    {
        var value = Identifiers.NewApiToken();
        connection.Execute(
            $"INSERT INTO api_tokens ({Columns}, account_id, hash) VALUES ($id, $name, $administrator, $owned, $status, " +
            "$policies, $condition, $issued, $modified, $from, $until, $account, $hash)",
            [.. Values(token), ("$account", accountId), ("$hash", HashOf(value))]);
        return value;
    }

    private ApiTokenRecord? Find(SqliteConnection connection, string id) =>
        connection.Row($"SELECT {Columns} FROM api_tokens WHERE id = $id", Read, ("$id", id));

    private static byte[] HashOf(string value) => SHA256.HashData(Encoding.UTF8.GetBytes(value));

    private static (string Name, object? Value)[] Values(ApiTokenRecord token) =>
    [
        ("$id", token.Id),
        ("$name", token.Name),
        ("$administrator", token.IsAdministrator),
        ("$owned", token.IsAccountOwned),
        ("$status", token.Status),
        ("$policies", token.Policies),
        ("$condition", token.Condition),
        ("$issued", StoreTime.ToText(token.IssuedOn)),
        ("$modified", StoreTime.ToText(token.ModifiedOn)),
        ("$from", StoreTime.ToText(token.NotBefore)),
        ("$until", StoreTime.ToText(token.ExpiresOn)),
    ];

    private ApiTokenRecord Read(SqliteDataReader row)
    {
        var id = row.GetString(0);
        return new ApiTokenRecord
        {
            Id = id,
            Name = row.GetString(1),
            IsAdministrator = row.GetBoolean(2),
            IsAccountOwned = row.GetBoolean(3),
            Status = row.GetString(4),
            Policies = row.GetString(5),
            Condition = row.GetString(6),
            IssuedOn = row.Time(7),
            ModifiedOn = row.OptionalTime(8) ?? row.Time(7),
            NotBefore = row.OptionalTime(9),
            ExpiresOn = row.OptionalTime(10),
            LastUsedOn = _used.TryGetValue(id, out var used) ? used : null,
        };
    }
}
