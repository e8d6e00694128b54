using System.Text.Json.Nodes;
using Microsoft.AspNetCore.Http;
using Tunnel.Edge.Api.Http;
using Tunnel.Edge.Api.Permissions;
using Tunnel.Edge.Api.Zones;
using Tunnel.Edge.Store;

namespace Tunnel.Edge.Api.Access;

/// <summary><c>/accounts/{account}/access/groups</c>, and the same below a zone: each lists its own.</summary>
internal static class GroupEndpoints
{
    public static void Map(ApiRouter router)
    {
        Map(router, "/accounts/{account}/access/groups", _ => null);
        Map(router, "/zones/{zone}/access/groups", request => ZoneEndpoints.Find(request).Id);
    }

    private static void Map(ApiRouter router, string root, Func<ApiRequest, string?> zone)
    {
        router.Map(root, ApiPermissions.AccessOrganization,
            ("GET", request => ListAsync(request, zone(request))), ("POST", request => CreateAsync(request, zone(request))));
        router.Map(root + "/{group}", ApiPermissions.AccessOrganization,
            ("GET", request => GetAsync(request, zone(request))),
            ("PUT", request => UpdateAsync(request, zone(request))),
            ("DELETE", request => DeleteAsync(request, zone(request))));
    }

    private static Task ListAsync(ApiRequest request, string? zone)
    {
        var filters = new ListFilters<AccessGroupRecord>();
        filters.Exact(request.Query("name"), g => g.Name);
        filters.Contains(request.Query("search"), g => g.Name);
        return request.AnswerPageAsync(
            filters.Apply(request.Store.Groups.List(zone)), GroupDocument.ToJson, defaultSize: 100, maximumSize: 1000);
    }

    private static async Task CreateAsync(ApiRequest request, string? zone)
    {
        var body = new ApiDocument(await request.ReadObjectAsync().ConfigureAwait(false), AccessErrors.Invalid);
        var empty = new AccessGroupRecord
        {
            Id = Guid.NewGuid(),
            AccountId = request.Store.Account.Id,
            ZoneId = zone,
            Name = "",
            Document = "{}",
            CreatedAt = request.Now,
            UpdatedAt = request.Now,
        };
        var group = GroupDocument.Read(body, empty, request.Now);
        await AnswerAsync(request, request.Store.Groups.Add(group), group, StatusCodes.Status201Created).ConfigureAwait(false);
    }

    private static Task GetAsync(ApiRequest request, string? zone) => request.AnswerAsync(GroupDocument.ToJson(
        request.Store.Groups.Get(zone, request.SegmentGuid("group")) ?? throw AccessErrors.UnknownGroup()));

    private static async Task UpdateAsync(ApiRequest request, string? zone)
    {
        var body = new ApiDocument(await request.ReadObjectAsync().ConfigureAwait(false), AccessErrors.Invalid);
        var (conflict, group) = request.Store.Groups.Change(
            zone, request.SegmentGuid("group"), present => GroupDocument.Read(body, present, request.Now));
        await AnswerAsync(request, conflict, group, StatusCodes.Status200OK).ConfigureAwait(false);
    }

    private static Task DeleteAsync(ApiRequest request, string? zone)
    {
        var id = request.SegmentGuid("group");
        return request.Store.Groups.Remove(zone, id) switch
        {
            AccessGroupConflict.None => request.AnswerAsync(
                new JsonObject { ["id"] = id.ToString("D") }, StatusCodes.Status202Accepted),
            AccessGroupConflict.InUse => throw AccessErrors.GroupInUse(),
            _ => throw AccessErrors.UnknownGroup(),
        };
    }

    private static Task AnswerAsync(
        ApiRequest request, AccessGroupConflict conflict, AccessGroupRecord? group, int statusCode) => conflict switch
        {
            AccessGroupConflict.None => request.AnswerAsync(GroupDocument.ToJson(group!), statusCode),
            AccessGroupConflict.Nesting => throw AccessErrors.GroupNesting(),
            _ => throw AccessErrors.UnknownGroup(),
        };
}
