using System.Text.Json.Nodes;
using Tunnel.Edge.Api.Http;
using Tunnel.Edge.Api.Permissions;
using Tunnel.Edge.Store;

namespace Tunnel.Edge.Api.Accounts;

/// <summary><c>/accounts</c>: an edge has one.</summary>
internal static class AccountEndpoints
{
    public static void Map(ApiRouter router)
    {
        router.Map("/accounts", ApiPermissions.AccountList, ("GET", ListAsync));
        router.Map("/accounts/{account}", ApiPermissions.AccountSettings, ("GET", GetAsync));
    }

    private static Task ListAsync(ApiRequest request)
    {
        var name = request.Query("name");
        AccountRecord[] accounts = [request.Store.Account];
        return request.AnswerPageAsync(
            accounts.Where(a => request.Caller.MaySeeAccount && (name is null || a.Name.Equals(name, StringComparison.OrdinalIgnoreCase))),
            ToJson, defaultSize: 20, maximumSize: 50);
    }

    private static Task GetAsync(ApiRequest request) => request.AnswerAsync(ToJson(request.Store.Account));

    public static JsonObject ToJson(AccountRecord account) => new()
    {
        ["id"] = account.Id,
        ["name"] = account.Name,
        ["type"] = "standard",
        ["settings"] = new JsonObject { ["enforce_twofactor"] = false },
        ["created_on"] = ApiTime.ToJson(account.CreatedOn),
    };
}
