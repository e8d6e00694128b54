using System.Security.Cryptography;
using System.Text;
using Microsoft.Data.Sqlite;

namespace Tunnel.Edge.Store;

/// <summary>The API tokens of the account.</summary>
public sealed class ApiTokenTable
{
    private readonly EdgeDatabase _database;
    private readonly string _accountId;
    private readonly TimeProvider _time;

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
            "SELECT id, name, status, issued_on, not_before, expires_on, hash FROM api_tokens",
            row => (Hash: row.GetFieldValue<byte[]>(6), Token: Read(row))));
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

    /// <summary>
    /// Makes a token and returns its value, which cannot be read again. Tokens of the same name stop being valid.
    /// </summary>
    public string Issue(string name) => _database.Write(c =>
    {
        c.Execute("DELETE FROM api_tokens WHERE name = $name", ("$name", name));
        return Insert(c, _accountId, name, _time.GetUtcNow());
    });

    internal static string Insert(SqliteConnection connection, string accountId, string name, DateTimeOffset now)
    {
        var value = Identifiers.NewApiToken();
        connection.Execute(
            "INSERT INTO api_tokens (id, account_id, name, hash, status, issued_on) " +
            "VALUES ($id, $account, $name, $hash, 'active', $now)",
            ("$id", Identifiers.NewHex32()),
            ("$account", accountId),
            ("$name", name),
            ("$hash", HashOf(value)),
            ("$now", StoreTime.ToText(now)));
        return value;
    }

    private static byte[] HashOf(string value) => SHA256.HashData(Encoding.UTF8.GetBytes(value));

    private static ApiTokenRecord Read(SqliteDataReader row) => new(
        row.GetString(0), row.GetString(1), row.GetString(2), row.Time(3), row.OptionalTime(4), row.OptionalTime(5));
}
