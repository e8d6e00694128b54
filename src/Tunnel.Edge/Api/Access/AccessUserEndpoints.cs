using System.Text.Json.Nodes;
using Microsoft.AspNetCore.Http;
using Microsoft.Data.Sqlite;
using Tunnel.Edge.Api.Http;
using Tunnel.Edge.Api.Permissions;
using Tunnel.Edge.Identity;
using Tunnel.Edge.Identity.SignIn;
using Tunnel.Edge.Store;

namespace Tunnel.Edge.Api.Access;

/// <summary><c>/accounts/{account}/access/users</c>: who has signed in, and what of it is still open.</summary>
internal static class AccessUserEndpoints
{
    private const string Path = "/accounts/{account}/access/users";

    /// <summary>How long a failed sign-in is kept, by the API's word; what is kept is bounded by number.</summary>
    private static readonly TimeSpan s_failureKept = TimeSpan.FromDays(30);

    public static void Map(ApiRouter router)
    {
        router.Map(Path, ApiPermissions.AccessUsers, ("GET", ListAsync), ("POST", CreateAsync));
        router.Map(Path + "/{user}", ApiPermissions.AccessUsers, ("GET", GetAsync), ("PUT", UpdateAsync), ("DELETE", DeleteAsync));
        router.Map(Path + "/{user}/active_sessions", ApiPermissions.AccessUsers, ("GET", ListSessionsAsync));
        router.Map(Path + "/{user}/active_sessions/{nonce}", ApiPermissions.AccessSessions,
            ("GET", GetSessionAsync), ("DELETE", RevokeSessionAsync));
        router.Map(Path + "/{user}/failed_logins", ApiPermissions.AccessUsers, ("GET", ListFailedLoginsAsync));
        router.Map(Path + "/{user}/last_seen_identity", ApiPermissions.AccessUsers, ("GET", GetLastSeenIdentityAsync));
    }

    private static Task ListAsync(ApiRequest request)
    {
        var filters = new ListFilters<AccessUserRecord>();
        filters.Exact(request.Query("email"), u => u.Email);
        filters.Contains(request.Query("name"), u => u.Name);
        var search = new ListFilters<AccessUserRecord>(any: true);
        search.Contains(request.Query("search"), u => u.Email);
        search.Contains(request.Query("search"), u => u.Name);
        return request.AnswerPageAsync(
            search.Apply(filters.Apply(request.Store.Users.List())), ToJson, defaultSize: 25, maximumSize: 1000);
    }

    private static async Task CreateAsync(ApiRequest request)
    {
        var body = new ApiDocument(await request.ReadObjectAsync().ConfigureAwait(false), AccessErrors.Invalid);
        var user = request.Store.Users.TryAdd(EmailOf(body), body.Text("name"), request.Now) ?? throw AccessErrors.UserExists();
        await request.AnswerAsync(ToJson(user), StatusCodes.Status201Created).ConfigureAwait(false);
    }

    private static Task GetAsync(ApiRequest request) => request.AnswerAsync(ToJson(Find(request)));

    private static async Task UpdateAsync(ApiRequest request)
    {
        var present = Find(request);
        var body = new ApiDocument(await request.ReadObjectAsync().ConfigureAwait(false), AccessErrors.Invalid);
        var email = EmailOf(body);
        try
        {
            var user = request.Store.Users.Rename(present.Id, email, body.Text("name"), request.Now) ?? throw AccessErrors.UnknownUser();
            if (user.Email != present.Email)
            {
                // Whoever proved the old address has not proven the new one.
                request.Store.Sessions.RevokeUser(user.Id);
                RevocationLog.Append(request, "all sessions of the person, whose address was changed", present.Email);
            }

            await request.AnswerAsync(ToJson(user)).ConfigureAwait(false);
        }
        catch (SqliteException)
        {
            throw AccessErrors.UserExists();
        }
    }

    private static Task DeleteAsync(ApiRequest request)
    {
        var user = Find(request);
        // Removed first: a sign-in that comes in between makes a person of its own.
        request.Store.Users.Remove(user.Id);
        request.Store.Sessions.RevokeUser(user.Id);
        RevocationLog.Append(request, "all sessions of the person, and removed them", user.Email);
        return request.AnswerAsync(new JsonObject { ["id"] = user.Id.ToString("D") });
    }

    private static Task ListSessionsAsync(ApiRequest request)
    {
        var snapshot = request.Store.Snapshot;
        return request.AnswerAsync(new JsonArray(
            [.. request.Store.Sessions.List(Find(request).Id).Select(session => (JsonNode)ToListJson(session, snapshot, request.Options.CountStreams(session.Nonce)))]));
    }

    private static Task GetSessionAsync(ApiRequest request)
    {
        var identity = IdentityDocument.Of(FindSession(request), request.Store.Account.Id, country: null);
        identity["isActive"] = true;
        return request.AnswerAsync(identity);
    }

    /// <summary>Cloudflare's API ends all sessions of a person, and not one; the path is what it would be there.</summary>
    private static Task RevokeSessionAsync(ApiRequest request)
    {
        var session = FindSession(request);
        request.Store.Sessions.RevokeSession(session.Nonce);
        RevocationLog.Append(request, "one session of the person", session.Email);
        return request.AnswerAsync(new JsonObject { ["nonce"] = session.Nonce });
    }

    private static Task ListFailedLoginsAsync(ApiRequest request) => request.AnswerAsync(new JsonArray(
        [.. request.Store.Users.FailedLogins(Find(request).Id).Select(failure => (JsonNode)new JsonObject
        {
            ["expiration"] = (failure.At + s_failureKept).ToUnixTimeSeconds(),
            ["metadata"] = JsonNode.Parse(failure.Document),
        })]));

    private static Task GetLastSeenIdentityAsync(ApiRequest request) => request.AnswerAsync(
        request.Store.Users.LastIdentity(Find(request).Id) is { } identity ? JsonNode.Parse(identity) : throw AccessErrors.NoIdentity());

    private static AccessUserRecord Find(ApiRequest request) =>
        request.Store.Users.Get(request.SegmentGuid("user")) ?? throw AccessErrors.UnknownUser();

    private static AccessSessionRecord FindSession(ApiRequest request) =>
        request.Store.Sessions.Find(request.Segment("nonce")) is { } session && session.UserId == Find(request).Id
            ? session : throw AccessErrors.UnknownSession();

    private static string EmailOf(ApiDocument body)
    {
        var email = body.RequiredText("email").Trim();
        return EmailAddress.Read(email) is not null ? email : throw AccessErrors.Invalid("email is not an email address");
    }

    private static JsonObject ToJson(AccessUserRecord user)
    {
        var json = new JsonObject
        {
            ["id"] = user.Id.ToString("D"),
            ["uid"] = user.Id.ToString("D"),
            ["name"] = user.Name ?? "",
            ["email"] = user.Email,
            ["access_seat"] = user.LastSuccessfulLogin is not null,
            ["gateway_seat"] = false,
            ["seat_uid"] = user.Id.ToString("D"),
            ["active_device_count"] = 0,
            ["created_at"] = ApiTime.ToJson(user.CreatedAt),
            ["updated_at"] = ApiTime.ToJson(user.UpdatedAt),
        };
        if (user.LastSuccessfulLogin is { } last)
        {
            json["last_successful_login"] = ApiTime.ToJson(last);
        }

        return json;
    }

    private static JsonObject ToListJson(AccessSessionRecord session, GatewaySnapshot snapshot, int openStreams)
    {
        var applications = new JsonObject();
        foreach (var opened in session.Applications)
        {
            if (snapshot.Applications.FirstOrDefault(a => a.Id == opened.ApplicationId) is { } application)
            {
                applications[application.Aud] = new JsonObject
                {
                    ["hostname"] = opened.Hostname,
                    ["name"] = application.Name,
                    ["type"] = application.Type,
                    ["uid"] = application.Id.ToString("D"),
                };
            }
        }

        return new JsonObject
        {
            ["name"] = $"{snapshot.Account.Id}.{session.UserId:D}.{session.Nonce}",
            ["expiration"] = session.EndsAt.ToUnixTimeSeconds(),
            ["metadata"] = new JsonObject
            {
                ["apps"] = applications,
                ["expires"] = session.ExpiresAt.ToUnixTimeSeconds(),
                ["iat"] = session.IssuedAt.ToUnixTimeSeconds(),
                ["nonce"] = session.Nonce,
                ["open_streams"] = openStreams, // Cloudflare's API does not tell
                ["ttl"] = (long)(session.ExpiresAt - session.IssuedAt).TotalSeconds,
            },
        };
    }
}
