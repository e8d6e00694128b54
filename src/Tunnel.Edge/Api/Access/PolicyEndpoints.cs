using System.Text.Json.Nodes;
using Microsoft.AspNetCore.Http;
using Tunnel.Edge.Api.Http;
using Tunnel.Edge.Api.Permissions;
using Tunnel.Edge.Store;

namespace Tunnel.Edge.Api.Access;

/// <summary>
/// <c>/access/apps/{app}/policies</c>: policies of one application. Reusable ones among them are shown, and changed and
/// removed elsewhere.
/// </summary>
internal static class PolicyEndpoints
{
    public static void Map(ApiRouter router)
    {
        const string Root = "/apps/{app}/policies";
        router.MapAccess(Root, ApiPermissions.AccessApplications, ("GET", ListAsync), ("POST", CreateAsync));
        router.MapAccess(Root + "/{policy}", ApiPermissions.AccessApplications,
            ("GET", GetAsync), ("PUT", UpdateAsync), ("DELETE", DeleteAsync));
        router.MapAccess(Root + "/{policy}/make_reusable", ApiPermissions.AccessApplications, ("PUT", MakeReusableAsync));
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
        var conflict = request.Store.Policies.Remove(ApplicationEndpoints.Find(request).Id, id);
        return conflict == PolicyConflict.None
            ? request.AnswerAsync(new JsonObject { ["id"] = id.ToString("D") }, StatusCodes.Status202Accepted)
            : throw Refusal(conflict);
    }

    private static Task MakeReusableAsync(ApiRequest request)
    {
        var id = request.SegmentGuid("policy");
        var applicationId = ApplicationEndpoints.Find(request).Id;
        return request.Store.Policies.MakeReusable(applicationId, id, request.Now) is null
            ? throw AccessErrors.UnknownPolicy()
            : request.AnswerAsync(PolicyDocument.ReusableToJson(
                request.Store.ReusablePolicies.Get(id) ?? throw AccessErrors.UnknownPolicy()));
    }

    private static Task AnswerAsync(
        ApiRequest request, PolicyConflict conflict, AccessPolicyRecord? policy, int statusCode) =>
        conflict == PolicyConflict.None
            ? request.AnswerAsync(PolicyDocument.ToJson(policy!), statusCode)
            : throw Refusal(conflict);

    private static ApiException Refusal(PolicyConflict conflict) => conflict switch
    {
        PolicyConflict.PrecedenceTaken => AccessErrors.PrecedenceTaken(),
        PolicyConflict.Reusable => AccessErrors.PolicyIsReusable(),
        PolicyConflict.InUse => AccessErrors.PolicyInUse(),
        _ => AccessErrors.UnknownPolicy(),
    };
}
