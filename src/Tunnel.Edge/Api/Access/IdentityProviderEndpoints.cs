using System.Text.Json.Nodes;
using Microsoft.AspNetCore.Http;
using Tunnel.Edge.Api.Http;
using Tunnel.Edge.Api.Permissions;
using Tunnel.Edge.Store;

namespace Tunnel.Edge.Api.Access;

/// <summary><c>/access/identity_providers</c>: those of the account, below its zones too. A client secret goes in and never comes out.</summary>
internal static class IdentityProviderEndpoints
{
    public static void Map(ApiRouter router)
    {
        const string Root = "/identity_providers";
        router.MapAccess(Root, ApiPermissions.AccessOrganization, ("GET", ListAsync), ("POST", CreateAsync));
        router.MapAccess(Root + "/{provider}", ApiPermissions.AccessOrganization,
            ("GET", GetAsync), ("PUT", UpdateAsync), ("DELETE", DeleteAsync));
    }

    private static Task ListAsync(ApiRequest request)
    {
        // No provider has SCIM here.
        IEnumerable<IdentityProviderRecord> providers =
            request.QueryBool("scim_enabled") == true ? [] : request.Store.IdentityProviders.List();
        var organization = request.Store.Organization.Get();
        return request.AnswerPageAsync(
            providers, p => IdentityProviderDocument.ToJson(p, organization), defaultSize: 200, maximumSize: 1000);
    }

    private static Task GetAsync(ApiRequest request) => AnswerAsync(
        request, request.Store.IdentityProviders.Get(request.SegmentGuid("provider")) ?? throw AccessErrors.UnknownIdentityProvider());

    private static async Task CreateAsync(ApiRequest request)
    {
        var body = new ApiDocument(await request.ReadObjectAsync().ConfigureAwait(false), AccessErrors.Invalid);
        var provider = IdentityProviderDocument.Read(body, new IdentityProviderRecord
        {
            Id = Guid.NewGuid(),
            AccountId = request.Store.Account.Id,
            Name = "",
            Type = "",
            Config = "{}",
            Document = "{}",
            CreatedAt = request.Now,
            UpdatedAt = request.Now,
        });
        if (!request.Store.IdentityProviders.TryAdd(provider))
        {
            throw AccessErrors.SecondOneTimePin();
        }

        await AnswerAsync(request, provider, StatusCodes.Status201Created).ConfigureAwait(false);
    }

    private static async Task UpdateAsync(ApiRequest request)
    {
        var body = new ApiDocument(await request.ReadObjectAsync().ConfigureAwait(false), AccessErrors.Invalid);
        var (written, provider) = request.Store.IdentityProviders.Change(
            request.SegmentGuid("provider"),
            present => IdentityProviderDocument.Read(body, present) with { UpdatedAt = request.Now });
        if (provider is null)
        {
            throw AccessErrors.UnknownIdentityProvider();
        }

        if (!written)
        {
            throw AccessErrors.SecondOneTimePin();
        }

        await AnswerAsync(request, provider).ConfigureAwait(false);
    }

    // Applications that name it go on naming it: where they name no other, nobody can sign in any more.
    private static Task DeleteAsync(ApiRequest request)
    {
        var id = request.SegmentGuid("provider");
        return request.Store.IdentityProviders.Remove(id)
            ? request.AnswerAsync(new JsonObject { ["id"] = id.ToString("D") }, StatusCodes.Status202Accepted)
            : throw AccessErrors.UnknownIdentityProvider();
    }

    private static Task AnswerAsync(
        ApiRequest request, IdentityProviderRecord provider, int statusCode = StatusCodes.Status200OK) => request.AnswerAsync(
            IdentityProviderDocument.ToJson(provider, request.Store.Organization.Get()), statusCode);
}
