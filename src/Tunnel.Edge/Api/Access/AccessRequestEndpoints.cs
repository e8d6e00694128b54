using System.Text.Json.Nodes;
using Tunnel.Edge.Api.Http;
using Tunnel.Edge.Api.Permissions;
using Tunnel.Edge.Store;

namespace Tunnel.Edge.Api.Access;

/// <summary><c>/accounts/{account}/access/logs/access_requests</c>: what Access decided.</summary>
internal static class AccessRequestEndpoints
{
    private const int MaxLimit = 1000;

    /// <summary>A disk that takes no entries must not keep the answer from showing those that it has.</summary>
    private static readonly TimeSpan s_flushTimeout = TimeSpan.FromSeconds(15);

    // The parameters of the API, each with an operator of the same name and "Op" behind it.
    private static readonly (string Parameter, AccessRequestField Field)[] s_filters =
    [
        ("allowed", AccessRequestField.Allowed),
        ("app_type", AccessRequestField.ApplicationType),
        ("app_uid", AccessRequestField.ApplicationId),
        ("country_code", AccessRequestField.Country),
        ("idp", AccessRequestField.IdentityProvider),
        ("non_identity", AccessRequestField.NonIdentity),
        ("ray_id", AccessRequestField.RayId),
    ];

    public static void Map(ApiRouter router) => router.Map(
        "/accounts/{account}/access/logs/access_requests", ApiPermissions.AccessLogs, ("GET", ListAsync));

    private static async Task ListAsync(ApiRequest request)
    {
        var query = Read(request);
        var fields = request.Query("fields")?.Split(',', StringSplitOptions.RemoveEmptyEntries | StringSplitOptions.TrimEntries);
        using (var limit = CancellationTokenSource.CreateLinkedTokenSource(request.Aborted))
        {
            limit.CancelAfter(s_flushTimeout);
            await request.Store.AccessRequests.FlushAsync(limit.Token)
                .ConfigureAwait(ConfigureAwaitOptions.SuppressThrowing);
        }

        request.Aborted.ThrowIfCancellationRequested();
        await request.AnswerAsync(new JsonArray([.. request.Store.AccessRequests.Find(query).Select(e => ToJson(e, fields))]))
            .ConfigureAwait(false);
    }

    private static AccessRequestQuery Read(ApiRequest request)
    {
        var size = Math.Min(request.QueryCount("per_page") ?? request.QueryCount("limit") ?? 25, MaxLimit);
        return new AccessRequestQuery
        {
            Since = request.QueryTime("since"),
            Until = request.QueryTime("until"),
            IsAscending = request.Query("direction") switch
            {
                null or "desc" => false,
                "asc" => true,
                _ => throw ApiErrors.InvalidQuery("direction"),
            },
            Limit = Math.Min(size, request.QueryCount("limit") ?? size),
            Skip = (int)Math.Min(((request.QueryCount("page") ?? 1) - 1L) * size, int.MaxValue),
            Filters = [.. Filters(request)],
        };
    }

    private static IEnumerable<AccessRequestFilter> Filters(ApiRequest request)
    {
        foreach (var (parameter, field) in s_filters)
        {
            var isEqual = request.Query(parameter + "Op") switch
            {
                null or "eq" => true,
                "neq" => false,
                _ => throw ApiErrors.InvalidQuery(parameter + "Op"),
            };
            if (request.Query(parameter) is { } value)
            {
                yield return new AccessRequestFilter(
                    field, isEqual ? AccessRequestMatch.Equal : AccessRequestMatch.NotEqual, Normalize(request, parameter, field, value));
            }
        }

        if (request.Query("user_id") is { } user)
        {
            var isEqual = request.Query("user_idOp") switch
            {
                null or "eq" => true,
                "neq" => false,
                _ => throw ApiErrors.InvalidQuery("user_idOp"),
            };
            // Whoever is unknown has done nothing: no entry has an empty address.
            yield return new AccessRequestFilter(
                AccessRequestField.Email, isEqual ? AccessRequestMatch.Equal : AccessRequestMatch.NotEqual,
                Guid.TryParseExact(user, "D", out var id) ? request.Store.Users.Get(id)?.Email ?? "" : "");
        }

        var isExact = request.QueryBool("email_exact") == true;
        var match = request.Query("emailOp") switch
        {
            null or "contains" => isExact ? AccessRequestMatch.Equal : AccessRequestMatch.Contains,
            "eq" => AccessRequestMatch.Equal,
            "neq" => isExact ? AccessRequestMatch.NotEqual : AccessRequestMatch.NotContains,
            _ => throw ApiErrors.InvalidQuery("emailOp"),
        };
        if (request.Query("email") is { } email)
        {
            yield return new AccessRequestFilter(AccessRequestField.Email, match, email);
        }
    }

    /// <summary>The value as the log has it: ids and hex in lower case, countries in upper case.</summary>
    private static string Normalize(ApiRequest request, string parameter, AccessRequestField field, string value) => field switch
    {
        AccessRequestField.Allowed or AccessRequestField.NonIdentity => request.QueryBool(parameter) == true ? "true" : "false",
        AccessRequestField.ApplicationId => request.QueryGuid(parameter)!.Value.ToString("D"),
        AccessRequestField.IdentityProvider when Guid.TryParseExact(value, "D", out var id) => id.ToString("D"),
        AccessRequestField.RayId => value.ToLowerInvariant(),
        AccessRequestField.Country => value.ToUpperInvariant(),
        _ => value,
    };

    private static JsonObject ToJson(AccessRequestEntry entry, string[]? fields)
    {
        var json = new JsonObject
        {
            ["action"] = entry.Action,
            ["allowed"] = entry.Allowed,
            ["app_domain"] = entry.ApplicationDomain,
            ["app_name"] = entry.ApplicationName,
            ["app_type"] = entry.ApplicationType,
            ["app_uid"] = entry.ApplicationId?.ToString("D"),
            ["connection"] = entry.Connection,
            ["country"] = entry.Country,
            ["created_at"] = ApiTime.ToJson(entry.CreatedAt),
            ["idp_id"] = entry.IdentityProviderId?.ToString("D"),
            ["ip_address"] = entry.IpAddress,
            ["policy_name"] = entry.Policy,
            ["ray_id"] = entry.RayId,
            ["reason"] = entry.Reason,
            ["service_token_name"] = entry.ServiceToken,
            ["user_email"] = entry.UserEmail,
        };
        foreach (var (name, value) in json.ToArray())
        {
            if (value is null || (fields is { Length: > 0 } && !fields.Contains(name, StringComparer.Ordinal)))
            {
                json.Remove(name);
            }
        }

        return json;
    }
}
