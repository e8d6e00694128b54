using System.Text.Json.Nodes;
using Tunnel.Edge.Api.Http;
using Tunnel.Edge.Api.Permissions;

namespace Tunnel.Edge.Api.Access;

/// <summary><c>/access/organizations</c>: there is always one, and a zone has that of its account.</summary>
internal static class OrganizationEndpoints
{
    private const string Root = "/organizations";

    public static void Map(ApiRouter router)
    {
        router.MapAccess(Root, ApiPermissions.AccessOrganization, ("GET", GetAsync), ("POST", CreateAsync), ("PUT", PutAsync));
        router.MapAccess(Root + "/revoke_user", ApiPermissions.AccessUserRevocation, ("POST", RevokeUserAsync));
    }

    private static Task GetAsync(ApiRequest request) =>
        request.AnswerAsync(OrganizationDocument.ToJson(request.Store.Organization.Get()));

    private static async Task CreateAsync(ApiRequest request)
    {
        var body = new ApiDocument(await request.ReadObjectAsync().ConfigureAwait(false), AccessErrors.Invalid);
        body.RequiredText("name");
        body.RequiredText("auth_domain");
        throw AccessErrors.OrganizationExists();
    }

    private static async Task PutAsync(ApiRequest request)
    {
        var body = new ApiDocument(await request.ReadObjectAsync().ConfigureAwait(false), AccessErrors.Invalid);
        var changed = request.Store.Organization.Change(present => OrganizationDocument.Read(body, present, request.Now));
        await request.AnswerAsync(OrganizationDocument.ToJson(changed)).ConfigureAwait(false);
    }

    /// <summary>Nobody to be signed out is no error: what was asked for holds.</summary>
    private static async Task RevokeUserAsync(ApiRequest request)
    {
        var body = new ApiDocument(await request.ReadObjectAsync().ConfigureAwait(false), AccessErrors.Invalid);
        var email = body.RequiredText("email");
        request.Store.Sessions.RevokeUser(email);
        RevocationLog.Append(request, "all sessions of the person", email);
        await request.AnswerAsync(JsonValue.Create(true)).ConfigureAwait(false);
    }
}
