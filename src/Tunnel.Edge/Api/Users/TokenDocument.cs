using System.Text.Json.Nodes;
using Tunnel.Edge.Api.Http;
using Tunnel.Edge.Api.Permissions;
using Tunnel.Edge.Store;

namespace Tunnel.Edge.Api.Users;

/// <summary>An API token as requests give it and answers show it.</summary>
internal static class TokenDocument
{
    private const int MaxNameLength = 120;

    /// <summary>Reads a new token.</summary>
    public static ApiTokenRecord Create(JsonObject json, bool accountOwned, DateTimeOffset now)
    {
        var body = new ApiDocument(json, TokenErrors.Invalid);
        if (body.Array("policies") is { } policies && policies.Any(p => p is JsonObject policy && policy["id"] is not null))
        {
            throw body.Invalid("Reusing existing policies is not supported by token creation");
        }

        return Apply(body, now, new ApiTokenRecord
        {
            Id = Identifiers.NewHex32(), Name = "", IsAccountOwned = accountOwned, IssuedOn = now, ModifiedOn = now,
        });
    }

    /// <summary>Reads what a PUT makes of a token: everything is replaced but its status, which is kept where none is given.</summary>
    public static Func<ApiTokenRecord, ApiTokenRecord> Update(JsonObject json, DateTimeOffset now)
    {
        var body = new ApiDocument(json, TokenErrors.Invalid);
        var status = body.Text("status") switch
        {
            null or "expired" => null,
            "active" or "disabled" => body.Text("status"),
            _ => throw body.Invalid("status must be active or disabled"),
        };
        return present => Apply(body, now, present) with { Status = status ?? present.Status, IsAdministrator = false };
    }

    public static JsonObject ToJson(ApiTokenRecord token, string userId, DateTimeOffset now)
    {
        var condition = TokenCondition.Read(JsonNode.Parse(token.Condition) as JsonObject, TokenErrors.Invalid);
        var json = new JsonObject
        {
            ["id"] = token.Id,
            ["name"] = token.Name,
            ["status"] = token.StatusAt(now),
            ["issued_on"] = ApiTime.ToSeconds(token.IssuedOn),
            ["modified_on"] = ApiTime.ToSeconds(token.ModifiedOn),
            ["policies"] = TokenPolicies.Of(token, userId).ToJson(),
        };
        Add(json, "not_before", token.NotBefore);
        Add(json, "expires_on", token.ExpiresOn);
        Add(json, "last_used_on", token.LastUsedOn);
        if (!condition.IsNone)
        {
            json["condition"] = condition.ToJson();
        }

        return json;
    }

    private static ApiTokenRecord Apply(ApiDocument body, DateTimeOffset now, ApiTokenRecord token)
    {
        var name = body.RequiredText("name");
        var policies = new TokenPolicies(TokenPolicies.Read(
            body.Array("policies") ?? throw body.Invalid("policies is required"), body.Invalid));
        CheckOwner(policies, token.IsAccountOwned, body);
        var from = body.Time("not_before");
        var until = body.Time("expires_on");
        return name.Length > MaxNameLength ? throw body.Invalid($"name is longer than {MaxNameLength} characters")
            : until <= from || (until is not null && until <= now) ? throw body.Invalid("expires_on must be later than now and not_before")
            : token with
            {
                Name = name,
                Policies = policies.ToText(),
                Condition = TokenCondition.Read(body.Object("condition"), body.Invalid).ToJson().ToJsonString(),
                NotBefore = from,
                ExpiresOn = until,
                ModifiedOn = now,
            };
    }

    /// <summary>A token of an account has nothing of the user's, and its zones stand below the account.</summary>
    private static void CheckOwner(TokenPolicies policies, bool accountOwned, ApiDocument body)
    {
        var resources = policies.Policies.SelectMany(p => p.Resources);
        if (accountOwned && resources.Any(r => r.Resource.Scope == ApiScope.User))
        {
            throw body.Invalid("A token that an account owns has no permissions of a user");
        }
    }

    private static void Add(JsonObject json, string name, DateTimeOffset? time)
    {
        if (time is { } value)
        {
            json[name] = ApiTime.ToSeconds(value);
        }
    }
}
