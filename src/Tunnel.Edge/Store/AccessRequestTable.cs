using System.Text;
using Microsoft.Data.Sqlite;

namespace Tunnel.Edge.Store;

/// <summary>The rows of the request log. Written beside the revision: no decision depends on them.</summary>
internal static class AccessRequestTable
{
    private const string Columns =
        "created_at, action, allowed, user_email, ip_address, country, app_id, app_domain, app_name, app_type, connection, " +
        "idp_id, service_token, policy, reason, ray_id, stranger";

    public static void Insert(SqliteConnection connection, AccessRequestEntry entry) => connection.Execute(
        $"INSERT INTO access_requests ({Columns}) VALUES ($created, $action, $allowed, $email, $address, $country, $app, " +
        "$domain, $name, $type, $connection, $idp, $token, $policy, $reason, $ray, $stranger)",
        ("$created", StoreTime.ToText(entry.CreatedAt)),
        ("$action", entry.Action),
        ("$allowed", entry.Allowed),
        ("$email", entry.UserEmail),
        ("$address", entry.IpAddress),
        ("$country", entry.Country),
        ("$app", entry.ApplicationId?.ToString("D")),
        ("$domain", entry.ApplicationDomain),
        ("$name", entry.ApplicationName),
        ("$type", entry.ApplicationType),
        ("$connection", entry.Connection),
        ("$idp", entry.IdentityProviderId?.ToString("D")),
        ("$token", entry.ServiceToken),
        ("$policy", entry.Policy),
        ("$reason", entry.Reason),
        ("$ray", entry.RayId),
        ("$stranger", entry.IsStranger));

    /// <summary>
    /// Removes what is older, and the oldest of what is more: of entries about nobody, and of all others. No more at once
    /// than <paramref name="batch"/> of each, since everybody else who writes waits for it.
    /// </summary>
    /// <returns>Whether nothing is left to be removed.</returns>
    public static bool Trim(SqliteConnection connection, DateTimeOffset oldest, long maximumOfStrangers, long maximum, int batch)
    {
        var removed = connection.Execute(
            "DELETE FROM access_requests WHERE id IN (SELECT id FROM access_requests WHERE created_at < $oldest LIMIT $batch)",
            ("$oldest", StoreTime.ToText(oldest)), ("$batch", batch));
        removed = Math.Max(removed, TrimKind(connection, stranger: 1, maximumOfStrangers, batch));
        return Math.Max(removed, TrimKind(connection, stranger: 0, maximum, batch)) < batch;
    }

    // The kind is a literal, so that its index is used.
    private static int TrimKind(SqliteConnection connection, int stranger, long maximum, int batch) => connection.Execute(
        $"DELETE FROM access_requests WHERE id IN (SELECT id FROM access_requests WHERE stranger = {stranger} AND id <= " +
        $"(SELECT id FROM access_requests WHERE stranger = {stranger} ORDER BY id DESC LIMIT 1 OFFSET $maximum) ORDER BY id LIMIT $batch)",
        ("$maximum", maximum), ("$batch", batch));

    public static List<AccessRequestEntry> Find(SqliteConnection connection, AccessRequestQuery query)
    {
        var where = new StringBuilder("1");
        var values = new List<(string, object?)> { ("$limit", query.Limit), ("$skip", query.Skip) };
        if (query.Since is { } since)
        {
            where.Append(" AND created_at >= $since");
            values.Add(("$since", StoreTime.ToText(since)));
        }

        if (query.Until is { } until)
        {
            where.Append(" AND created_at <= $until");
            values.Add(("$until", StoreTime.ToText(until)));
        }

        for (var i = 0; i < query.Filters.Count; i++)
        {
            var (field, match, value) = query.Filters[i];
            where.Append(" AND ").Append(Condition(field, match, $"$v{i}"));
            values.Add(($"$v{i}", field is AccessRequestField.Allowed or AccessRequestField.NonIdentity ? value == "true" : value));
        }

        var order = query.IsAscending ? "ASC" : "DESC";
        return connection.Rows(
            $"SELECT {Columns} FROM access_requests WHERE {where} ORDER BY created_at {order}, id {order} LIMIT $limit OFFSET $skip",
            Read, values.ToArray());
    }

    // "IS NOT" also holds for rows without a value.
    private static string Condition(AccessRequestField field, AccessRequestMatch match, string value)
    {
        if (field == AccessRequestField.IdentityProvider)
        {
            return match is AccessRequestMatch.Equal or AccessRequestMatch.Contains
                ? $"(idp_id IS {value} OR connection IS {value})"
                : $"(idp_id IS NOT {value} AND connection IS NOT {value})";
        }

        var column = field switch
        {
            AccessRequestField.Allowed => "allowed",
            AccessRequestField.ApplicationId => "app_id",
            AccessRequestField.ApplicationType => "app_type",
            AccessRequestField.Country => "country",
            AccessRequestField.Email => "user_email",
            AccessRequestField.NonIdentity => $"(connection IS '{AccessRequestEntry.NonIdentity}')",
            AccessRequestField.RayId => "ray_id",
            _ => throw new ArgumentOutOfRangeException(nameof(field), field, null),
        };
        return match switch
        {
            AccessRequestMatch.Equal => $"{column} IS {value}",
            AccessRequestMatch.NotEqual => $"{column} IS NOT {value}",
            AccessRequestMatch.Contains => $"instr(coalesce({column}, ''), {value}) > 0",
            AccessRequestMatch.NotContains => $"instr(coalesce({column}, ''), {value}) = 0",
            _ => throw new ArgumentOutOfRangeException(nameof(match), match, null),
        };
    }

    private static AccessRequestEntry Read(SqliteDataReader row) => new()
    {
        CreatedAt = row.Time(0),
        Action = row.GetString(1),
        Allowed = row.GetBoolean(2),
        UserEmail = row.OptionalText(3),
        IpAddress = row.GetString(4),
        Country = row.OptionalText(5),
        ApplicationId = row.OptionalText(6) is { } app ? Guid.Parse(app) : null,
        ApplicationDomain = row.OptionalText(7),
        ApplicationName = row.OptionalText(8),
        ApplicationType = row.OptionalText(9),
        Connection = row.OptionalText(10),
        IdentityProviderId = row.OptionalText(11) is { } idp ? Guid.Parse(idp) : null,
        ServiceToken = row.OptionalText(12),
        Policy = row.OptionalText(13),
        Reason = row.OptionalText(14),
        RayId = row.GetString(15),
        IsStranger = row.GetBoolean(16),
    };
}
