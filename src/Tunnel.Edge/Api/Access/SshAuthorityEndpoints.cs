using System.Text.Json.Nodes;
using Microsoft.AspNetCore.Http;
using Tunnel.Edge.Api.Http;
using Tunnel.Edge.Api.Permissions;
using Tunnel.Edge.Store;

namespace Tunnel.Edge.Api.Access;

/// <summary>
/// <c>/access/apps/{app}/ca</c> and <c>/access/apps/ca</c>: the public keys of the authorities that sign short-lived SSH
/// certificates.
/// </summary>
internal static class SshAuthorityEndpoints
{
    public static void Map(ApiRouter router)
    {
        const string Root = "/apps";
        router.MapAccess(Root + "/ca", ApiPermissions.AccessCertificateAuthorities, ("GET", ListAsync));
        router.MapAccess(Root + "/{app}/ca", ApiPermissions.AccessCertificateAuthorities,
            ("GET", GetAsync), ("POST", CreateAsync), ("DELETE", DeleteAsync));
    }

    private static Task ListAsync(ApiRequest request) => request.AnswerPageAsync(
        request.Store.SshAuthorities.List().Where(authority => Shows(request, authority)), ToJson, defaultSize: 100, maximumSize: 1000);

    private static bool Shows(ApiRequest request, SshAuthorityRecord authority) =>
        request.Store.Applications.Get(authority.ApplicationId) is { } application && request.Shows(application);

    private static Task GetAsync(ApiRequest request)
    {
        var application = ApplicationEndpoints.Find(request);
        return request.AnswerAsync(ToJson(
            request.Store.SshAuthorities.Get(application.Id) ?? throw AccessErrors.UnknownSshAuthority()));
    }

    private static Task CreateAsync(ApiRequest request)
    {
        var (created, authority) = request.Store.SshAuthorities.Create(
            ApplicationEndpoints.Find(request).Id, "open-ssh-ca@" + request.Store.Organization.Get().AuthDomain);
        return authority is null ? throw AccessErrors.UnknownApplication()
            : created ? request.AnswerAsync(ToJson(authority))
            : throw AccessErrors.SshAuthorityExists();
    }

    private static Task DeleteAsync(ApiRequest request)
    {
        var application = ApplicationEndpoints.Find(request);
        var removed = request.Store.SshAuthorities.Remove(application.Id) ?? throw AccessErrors.UnknownSshAuthority();
        return request.AnswerAsync(new JsonObject { ["id"] = removed.Id }, StatusCodes.Status202Accepted);
    }

    private static JsonObject ToJson(SshAuthorityRecord authority) => new()
    {
        ["id"] = authority.Id, ["aud"] = authority.Aud, ["public_key"] = authority.PublicKey,
    };
}
