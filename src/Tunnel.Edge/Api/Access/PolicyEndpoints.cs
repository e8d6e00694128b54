using System.Text.Json.Nodes;
using Microsoft.AspNetCore.Http;
using Tunnel.Edge.Api.Http;
using Tunnel.Edge.Api.Permissions;
using Tunnel.Edge.Store;

namespace Tunnel.Edge.Api.Access;

/// <summary><c>/accounts/{account}/access/apps/{app}/policies</c>: policies of one application.</summary>
internal static class PolicyEndpoints
{
    public static void Map(ApiRouter router)
    {
        const string Root = "/accounts/{account}/access/apps/{app}/policies";
        router.Map(Root, ApiPermissions.AccessApplications, ("GET", ListAsync), ("POST", CreateAsync));
        router.Map(Root + "/{policy}", ApiPermissions.AccessApplications,
            ("GET", GetAsync), ("PUT", UpdateAsync), ("DELETE", DeleteAsync));
    }

    private static Task ListAsync(ApiRequest request) => request.AnswerPageAsync(
        ApplicationEndpoints.Find(request).PolicyRecords, PolicyDocument.ToJson, defaultSize: 100, maximumSize: 1000);

    private static async Task CreateAsync(ApiRequest request)
    {
        var application = ApplicationEndpoints.Find(request);
        var body = new ApiDocument(await request.ReadObjectAsync().ConfigureAwait(false), AccessErrors.Invalid);
        var (policy, precedence) = PolicyDocument.Read(body, Guid.NewGuid(), application.Id, request.Now, request.Now);
        var (conflict, added) = request.Store.Policies.Add(policy, precedence);
        await AnswerAsync(request, conflict, added, StatusCodes.Status201Created).ConfigureAwait(false);
    }

    private static Task GetAsync(ApiRequest request) => request.AnswerAsync(PolicyDocument.ToJson(
        request.Store.Policies.Get(ApplicationEndpoints.Find(request).Id, request.SegmentGuid("policy"))
            ?? throw AccessErrors.UnknownPolicy()));

    private static async Task UpdateAsync(ApiRequest request)
    {
        var application = ApplicationEndpoints.Find(request);
        var id = request.SegmentGuid("policy");
        var body = new ApiDocument(await request.ReadObjectAsync().ConfigureAwait(false), AccessErrors.Invalid);
        var (conflict, policy) = request.Store.Policies.Change(application.Id, id, present =>
        {
            var (changed, precedence) =
                PolicyDocument.Read(body, id, application.Id, present.CreatedAt, request.Now);
            return changed with { Precedence = precedence ?? present.Precedence };
        });
        await AnswerAsync(request, conflict, policy, StatusCodes.Status200OK).ConfigureAwait(false);
    }

    private static Task DeleteAsync(ApiRequest request)
    {
        var id = request.SegmentGuid("policy");
        return request.Store.Policies.Remove(ApplicationEndpoints.Find(request).Id, id)
            ? request.AnswerAsync(new JsonObject { ["id"] = id.ToString("D") }, StatusCodes.Status202Accepted)
            : throw AccessErrors.UnknownPolicy();
    }

    private static Task AnswerAsync(
        ApiRequest request, PolicyConflict conflict, AccessPolicyRecord? policy, int statusCode) => conflict switch
        {
            PolicyConflict.None => request.AnswerAsync(PolicyDocument.ToJson(policy!), statusCode),
            PolicyConflict.PrecedenceTaken => throw AccessErrors.PrecedenceTaken(),
            _ => throw AccessErrors.UnknownPolicy(),
        };
}
