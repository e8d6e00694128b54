using System.Text.Json.Nodes;
using Tunnel.Edge.Api.Http;
using Tunnel.Edge.Api.Permissions;
using Tunnel.Edge.Store;

namespace Tunnel.Edge.Api.Access;

/// <summary>
/// <c>/accounts/{account}/gateway/lists</c>: Cloudflare's Zero Trust lists, which the selectors <c>email_list</c> and
/// <c>ip_list</c> name.
/// </summary>
internal static class ListEndpoints
{
    private const string Root = "/accounts/{account}/gateway/lists";

    public static void Map(ApiRouter router)
    {
        router.Map(Root, ApiPermissions.ZeroTrust, ("GET", ListAsync), ("POST", CreateAsync));
        router.Map(Root + "/{list}", ApiPermissions.ZeroTrust,
            ("GET", GetAsync), ("PUT", UpdateAsync), ("PATCH", EditAsync), ("DELETE", DeleteAsync));
        router.Map(Root + "/{list}/items", ApiPermissions.ZeroTrust, ("GET", ItemsAsync));
    }

    // The API has no pages here: all lists stand on one.
    private static Task ListAsync(ApiRequest request) => request.AnswerPageAsync(
        ListQuery.Apply(request, request.Store.Lists.List()), ListDocument.ToJson,
        defaultSize: AccessListTable.MaxLists, maximumSize: AccessListTable.MaxLists);

    private static async Task CreateAsync(ApiRequest request)
    {
        var body = await BodyAsync(request).ConfigureAwait(false);
        var list = new AccessListRecord
        {
            Id = Guid.NewGuid(),
            AccountId = request.Store.Account.Id,
            Name = ListDocument.Name(body),
            Type = ListDocument.Type(body),
            Description = ListDocument.Description(body) ?? "",
            CreatedAt = request.Now,
            UpdatedAt = request.Now,
        };
        var items = ListDocument.Items(body, "items", list.Kind, request.Now);
        await AnswerAsync(request, request.Store.Lists.Add(list, items), list with { Count = items.Count }).ConfigureAwait(false);
    }

    private static Task GetAsync(ApiRequest request) =>
        AnswerAsync(request, AccessListConflict.None, request.Store.Lists.Get(request.SegmentGuid("list")));

    /// <summary>Entries stay as they are unless there are some in the body: an empty array, too, leaves them.</summary>
    private static async Task UpdateAsync(ApiRequest request)
    {
        var body = await BodyAsync(request).ConfigureAwait(false);
        var (conflict, list) = request.Store.Lists.Change(request.SegmentGuid("list"), present =>
        {
            var items = ListDocument.Items(body, "items", present.Kind, request.Now);
            return new AccessListChange
            {
                Name = ListDocument.Name(body),
                Description = ListDocument.Description(body),
                Replaces = items.Count > 0,
                Append = items,
            };
        }, request.Now);
        await AnswerAsync(request, conflict, list).ConfigureAwait(false);
    }

    private static async Task EditAsync(ApiRequest request)
    {
        var body = await BodyAsync(request).ConfigureAwait(false);
        var (conflict, list) = request.Store.Lists.Change(request.SegmentGuid("list"), present => new AccessListChange
        {
            Append = ListDocument.Items(body, "append", present.Kind, request.Now),
            Remove = ListDocument.Values(body, "remove"),
        }, request.Now);
        await AnswerAsync(request, conflict, list).ConfigureAwait(false);
    }

    private static Task DeleteAsync(ApiRequest request) =>
        request.Store.Lists.Remove(request.SegmentGuid("list")) switch
        {
            AccessListConflict.None => request.AnswerAsync(new JsonObject()),
            AccessListConflict.InUse => throw AccessErrors.ListInUse(),
            _ => throw AccessErrors.UnknownList(),
        };

    private static Task ItemsAsync(ApiRequest request) => request.AnswerPageAsync(
        request.Store.Lists.Items(request.SegmentGuid("list")) ?? throw AccessErrors.UnknownList(),
        ListDocument.ToJson, defaultSize: 50, maximumSize: 1000);

    private static async Task<ApiDocument> BodyAsync(ApiRequest request) =>
        new(await request.ReadObjectAsync().ConfigureAwait(false), AccessErrors.InvalidList);

    private static Task AnswerAsync(ApiRequest request, AccessListConflict conflict, AccessListRecord? list) => conflict switch
    {
        AccessListConflict.None when list is not null => request.AnswerAsync(WithItems(request, list)),
        AccessListConflict.TooManyLists =>
            throw AccessErrors.InvalidList($"the account has {AccessListTable.MaxLists} lists, and can have no more"),
        AccessListConflict.TooManyItems =>
            throw AccessErrors.InvalidList($"a list can have {AccessListTable.MaxItems} items at most"),
        _ => throw AccessErrors.UnknownList(),
    };

    private static JsonObject WithItems(ApiRequest request, AccessListRecord list)
    {
        var json = ListDocument.ToJson(list);
        json["items"] = new JsonArray([.. (request.Store.Lists.Items(list.Id) ?? []).Select(ListDocument.ToJson)]);
        return json;
    }
}
