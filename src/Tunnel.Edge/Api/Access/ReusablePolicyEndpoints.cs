using System.Text.Json.Nodes;
using Microsoft.AspNetCore.Http;
using Tunnel.Edge.Api.Http;
using Tunnel.Edge.Api.Permissions;
using Tunnel.Edge.Store;

namespace Tunnel.Edge.Api.Access;

/// <summary><c>/accounts/{account}/access/policies</c>: policies that several applications can hold.</summary>
internal static class ReusablePolicyEndpoints
{
    public static void Map(ApiRouter router)
    {
        const string Root = "/accounts/{account}/access/policies";
        router.Map(Root, ApiPermissions.AccessApplications, ("GET", ListAsync), ("POST", CreateAsync));
        router.Map(Root + "/{policy}", ApiPermissions.AccessApplications,
            ("GET", GetAsync), ("PUT", UpdateAsync), ("DELETE", DeleteAsync));
    }

    private static Task ListAsync(ApiRequest request) => request.AnswerPageAsync(
        request.Store.ReusablePolicies.List(), PolicyDocument.ReusableToJson, defaultSize: 100, maximumSize: 1000);

    private static async Task CreateAsync(ApiRequest request)
    {
        var body = new ApiDocument(await request.ReadObjectAsync().ConfigureAwait(false), AccessErrors.Invalid);
        var (policy, _) = PolicyDocument.Read(body, Guid.NewGuid(), applicationId: null, request.Now, request.Now);
        request.Store.ReusablePolicies.Add(policy);
        await request.AnswerAsync(PolicyDocument.ReusableToJson(policy), StatusCodes.Status201Created).ConfigureAwait(false);
    }

    private static Task GetAsync(ApiRequest request) => request.AnswerAsync(PolicyDocument.ReusableToJson(
        request.Store.ReusablePolicies.Get(request.SegmentGuid("policy")) ?? throw AccessErrors.UnknownPolicy()));

    private static async Task UpdateAsync(ApiRequest request)
    {
        var body = new ApiDocument(await request.ReadObjectAsync().ConfigureAwait(false), AccessErrors.Invalid);
        var id = request.SegmentGuid("policy");
        var changed = request.Store.ReusablePolicies.Change(id, present =>
            PolicyDocument.Read(body, id, applicationId: null, present.CreatedAt, request.Now).Policy with
            {
                ApplicationCount = present.ApplicationCount,
            });
        await request.AnswerAsync(
            PolicyDocument.ReusableToJson(changed ?? throw AccessErrors.UnknownPolicy())).ConfigureAwait(false);
    }

    private static Task DeleteAsync(ApiRequest request)
    {
        var id = request.SegmentGuid("policy");
        return request.Store.ReusablePolicies.Remove(id) switch
        {
            PolicyConflict.None => request.AnswerAsync(
                new JsonObject { ["id"] = id.ToString("D") }, StatusCodes.Status202Accepted),
            PolicyConflict.InUse => throw AccessErrors.PolicyInUse(),
            _ => throw AccessErrors.UnknownPolicy(),
        };
    }
}
