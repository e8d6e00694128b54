using System.Text.Json.Nodes;
using Tunnel.Edge.Api.Accounts;
using Tunnel.Edge.Api.Http;
using Tunnel.Edge.Api.Permissions;

namespace Tunnel.Edge.Api.Users;

/// <summary><c>/user</c> and <c>/memberships</c>: an edge has one user, who is a member of its one account.</summary>
internal static class UserEndpoints
{
    private static readonly string[] Areas =
        ["analytics", "billing", "cache_purge", "dns", "dns_records", "lb", "logs", "organization", "ssl", "waf", "zone_settings", "zones"];

    public static void Map(ApiRouter router)
    {
        router.Map("/user", ApiPermissions.UserDetails, ("GET", GetAsync));
        router.Map("/memberships", ApiPermissions.Memberships, ("GET", ListMembershipsAsync));
        router.Map("/memberships/{membership}", ApiPermissions.Memberships, ("GET", GetMembershipAsync));
    }

    private static Task GetAsync(ApiRequest request) => request.AnswerAsync(new JsonObject
    {
        ["id"] = request.Store.UserId,
        ["email"] = $"admin@{request.Store.Organization.Get().AuthDomain}",
        ["first_name"] = null,
        ["last_name"] = null,
        ["telephone"] = null,
        ["country"] = null,
        ["zipcode"] = null,
        ["two_factor_authentication_enabled"] = false,
        ["two_factor_authentication_locked"] = false,
        ["suspended"] = false,
        ["has_pro_zones"] = false,
        ["has_business_zones"] = false,
        ["has_enterprise_zones"] = false,
        ["betas"] = new JsonArray(),
        ["organizations"] = new JsonArray(new JsonObject
        {
            ["id"] = request.Store.Account.Id,
            ["name"] = request.Store.Account.Name,
            ["status"] = "member",
            ["permissions"] = new JsonArray(),
            ["roles"] = new JsonArray("Super Administrator - All Privileges"),
        }),
    });

    private static Task ListMembershipsAsync(ApiRequest request)
    {
        var account = request.Store.Account;
        var filters = new ListFilters<Store.AccountRecord>();
        filters.Exact(request.Query("account.name") ?? request.Query("name"), a => a.Name);
        filters.Exact(request.Query("status"), _ => "accepted");
        return request.AnswerPageAsync(filters.Apply([account]), _ => Membership(request), defaultSize: 20, maximumSize: 50);
    }

    private static Task GetMembershipAsync(ApiRequest request) => request.Segment("membership") == IdOf(request)
        ? request.AnswerAsync(Membership(request))
        : throw ApiErrors.UnknownMembership();

    private static JsonObject Membership(ApiRequest request) => new()
    {
        ["id"] = IdOf(request),
        ["status"] = "accepted",
        ["account"] = AccountEndpoints.ToJson(request.Store.Account),
        ["api_access_enabled"] = true,
        ["roles"] = new JsonArray("Super Administrator - All Privileges"),
        ["permissions"] = new JsonObject(Areas.Select(area => KeyValuePair.Create<string, JsonNode?>(
            area, new JsonObject { ["read"] = true, ["write"] = true }))),
    };

    // There is one, so that the account and the user together name it.
    private static string IdOf(ApiRequest request) => string.Concat(request.Store.UserId.AsSpan(16), request.Store.Account.Id.AsSpan(0, 16));
}
