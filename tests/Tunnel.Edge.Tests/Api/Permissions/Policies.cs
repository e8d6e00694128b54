using System.Text.Json.Nodes;
using Tunnel.Edge.Api.Permissions;

namespace Tunnel.Edge.Tests.Api.Permissions;

/// <summary>Policies of tokens as a client writes them.</summary>
internal static class Policies
{
    public const string AllZones = "com.cloudflare.api.account.zone.*";
    public const string AllAccounts = "com.cloudflare.api.account.*";

    public static JsonObject Allow(string resource, params string[] groups) => Of("allow", new JsonObject { [resource] = "*" }, groups);

    public static JsonObject Deny(string resource, params string[] groups) => Of("deny", new JsonObject { [resource] = "*" }, groups);

    public static JsonObject Of(string effect, JsonObject resources, params string[] groups)
    {
        var scope = resources.First().Key.Contains(".user.", StringComparison.Ordinal) ? ApiScope.User
            : resources.ToJsonString().Contains(".zone.", StringComparison.Ordinal) ? ApiScope.Zone : ApiScope.Account;
        return new JsonObject
        {
            ["effect"] = effect,
            ["resources"] = resources,
            ["permission_groups"] = new JsonArray([.. groups.Select(name => new JsonObject
            {
                ["id"] = PermissionGroups.Named(name, scope).Id,
            })]),
        };
    }
}
