using System.Text.Json.Nodes;
using Tunnel.Edge.Api.Http;
using Tunnel.Edge.Api.Permissions;
using Tunnel.Edge.Store;

namespace Tunnel.Edge.Api.Users;

/// <summary>
/// <c>/user/tokens</c> and <c>/accounts/{account}/tokens</c>. A value is shown by the request that makes it and never again.
/// </summary>
internal sealed class TokenEndpoints
{
    private readonly bool _accountOwned;

    private TokenEndpoints(bool accountOwned) => _accountOwned = accountOwned;

    public static void Map(ApiRouter router)
    {
        new TokenEndpoints(accountOwned: false).Map(router, "/user/tokens", ApiPermissions.UserApiTokens);
        new TokenEndpoints(accountOwned: true).Map(router, "/accounts/{account}/tokens", ApiPermissions.AccountApiTokens);
    }

    private void Map(ApiRouter router, string root, ApiPermission permission)
    {
        router.Map(root, permission, ("GET", ListAsync), ("POST", CreateAsync));
        router.Map(root + "/verify", ApiPermissions.AnyToken, ("GET", VerifyAsync));
        router.Map(root + "/permission_groups", permission, ("GET", ListGroupsAsync));
        router.Map(root + "/{apiToken}", permission, ("GET", GetAsync), ("PUT", UpdateAsync), ("DELETE", DeleteAsync));
        router.Map(root + "/{apiToken}/value", permission, ("PUT", RollAsync));
    }

    private Task VerifyAsync(ApiRequest request)
    {
        var token = request.Caller.Token;
        if (token.IsAccountOwned != _accountOwned && !token.IsAdministrator)
        {
            throw ApiErrors.InvalidToken();
        }

        var result = new JsonObject { ["id"] = token.Id, ["status"] = token.StatusAt(request.Now) };
        if (token.NotBefore is { } from)
        {
            result["not_before"] = ApiTime.ToSeconds(from);
        }

        if (token.ExpiresOn is { } until)
        {
            result["expires_on"] = ApiTime.ToSeconds(until);
        }

        return request.AnswerAsync(result, messages: new JsonArray(new JsonObject
        {
            ["code"] = 10000, ["message"] = "This API Token is valid and active", ["type"] = null,
        }));
    }

    private Task ListAsync(ApiRequest request)
    {
        var tokens = request.Store.ApiTokens.List(_accountOwned)
            .Where(t => t.StatusAt(request.Now) != "expired" || request.QueryBool("include_expired") == true);
        return request.AnswerPageAsync(
            request.Query("direction") == "desc" ? tokens.Reverse() : tokens,
            token => ToJson(request, token), defaultSize: 20, maximumSize: 50);
    }

    private async Task CreateAsync(ApiRequest request)
    {
        var token = TokenDocument.Create(
            await request.ReadObjectAsync().ConfigureAwait(false), _accountOwned, request.Now);
        var json = ToJson(request, token);
        json["value"] = request.Store.ApiTokens.Add(token);
        await request.AnswerAsync(json).ConfigureAwait(false);
    }

    private Task GetAsync(ApiRequest request) => request.AnswerAsync(ToJson(request, Find(request)));

    private async Task UpdateAsync(ApiRequest request)
    {
        var change = TokenDocument.Update(await request.ReadObjectAsync().ConfigureAwait(false), request.Now);
        var token = request.Store.ApiTokens.Change(Find(request).Id, change) ?? throw TokenErrors.Unknown();
        await request.AnswerAsync(ToJson(request, token)).ConfigureAwait(false);
    }

    private Task DeleteAsync(ApiRequest request)
    {
        var id = Find(request).Id;
        return request.Store.ApiTokens.Remove(id)
            ? request.AnswerAsync(new JsonObject { ["id"] = id })
            : throw TokenErrors.Unknown();
    }

    private async Task RollAsync(ApiRequest request)
    {
        await request.ReadOptionalObjectAsync().ConfigureAwait(false);
        var value = request.Store.ApiTokens.Roll(Find(request).Id) ?? throw TokenErrors.Unknown();
        await request.AnswerAsync(value).ConfigureAwait(false);
    }

    private Task ListGroupsAsync(ApiRequest request)
    {
        var filters = new ListFilters<PermissionGroup>();
        filters.Exact(request.Query("name"), g => g.Name);
        filters.Exact(request.Query("scope"), g => ResourceName.NameOf(g.Scope));
        var groups = PermissionGroups.All.Where(g => !_accountOwned || g.Scope != ApiScope.User);
        return request.AnswerAsync(new JsonArray([.. filters.Apply(groups).Select(group => new JsonObject
        {
            ["id"] = group.Id,
            ["name"] = group.Name,
            ["scopes"] = new JsonArray(ResourceName.NameOf(group.Scope)),
            ["category"] = group.Category,
            ["is_selectable"] = true,
        })]));
    }

    private ApiTokenRecord Find(ApiRequest request) =>
        request.Store.ApiTokens.Get(request.Segment("apiToken")) is { } token && token.IsAccountOwned == _accountOwned
            ? token
            : throw TokenErrors.Unknown();

    private static JsonObject ToJson(ApiRequest request, ApiTokenRecord token) =>
        TokenDocument.ToJson(token, request.Store.UserId, request.Now);
}
