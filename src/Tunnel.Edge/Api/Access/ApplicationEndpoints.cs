using System.Text.Json.Nodes;
using Microsoft.AspNetCore.Http;
using Tunnel.Edge.Api.Http;
using Tunnel.Edge.Api.Permissions;
using Tunnel.Edge.Store;

namespace Tunnel.Edge.Api.Access;

/// <summary><c>/access/apps</c> of the account and of its zones.</summary>
internal static class ApplicationEndpoints
{
    public static void Map(ApiRouter router)
    {
        router.MapAccess("/apps", ApiPermissions.AccessApplications, ("GET", ListAsync), ("POST", CreateAsync));
        router.MapAccess("/apps/{app}", ApiPermissions.AccessApplications,
            ("GET", GetAsync), ("PUT", UpdateAsync), ("DELETE", DeleteAsync));
        router.MapAccess("/apps/{app}/revoke_tokens", ApiPermissions.AccessApplicationTokens, ("POST", RevokeTokensAsync));
    }

    /// <summary>The application that the path names, by its id or its audience tag.</summary>
    public static AccessApplicationRecord Find(ApiRequest request)
    {
        var id = request.Segment("app");
        var application = Identifiers.IsHex64(id)
            ? request.Store.Applications.GetByAud(id)
            : request.Store.Applications.Get(request.SegmentGuid("app"));
        return application is not null && request.Shows(application) ? application : throw AccessErrors.UnknownApplication();
    }

    private static Task ListAsync(ApiRequest request)
    {
        var filters = new ListFilters<AccessApplicationRecord>();
        filters.Exact(request.Query("aud"), a => a.Aud);
        if (request.QueryBool("exact") == true)
        {
            filters.Exact(request.Query("name"), a => a.Name);
            if (request.Query("domain") is { } exact)
            {
                filters.Add(a => a.Domains.Contains(exact, StringComparer.OrdinalIgnoreCase));
            }
        }
        else
        {
            filters.Contains(request.Query("name"), a => a.Name);
            if (request.Query("domain") is { } domain)
            {
                filters.Add(a => a.Domains.Any(d => d.Contains(domain, StringComparison.OrdinalIgnoreCase)));
            }
        }

        var search = new ListFilters<AccessApplicationRecord>(any: true);
        search.Contains(request.Query("search"), a => a.Name);
        search.Contains(request.Query("search"), a => string.Join(' ', a.Domains));
        search.Exact(request.Query("search"), a => a.Aud);
        return request.AnswerPageAsync(
            search.Apply(filters.Apply(request.Store.Applications.List().Where(request.Shows))),
            ApplicationDocument.ToJson, defaultSize: 100, maximumSize: 1000);
    }

    private static async Task CreateAsync(ApiRequest request)
    {
        var body = new ApiDocument(await request.ReadObjectAsync().ConfigureAwait(false), AccessErrors.Invalid);
        var empty = new AccessApplicationRecord
        {
            Id = Guid.NewGuid(),
            AccountId = request.Store.Account.Id,
            Aud = Identifiers.NewHex64(),
            Name = "",
            Type = "",
            Domains = [],
            SessionDuration = default,
            Document = "{}",
            CreatedAt = request.Now,
            UpdatedAt = request.Now,
        };
        var zones = request.ZonesOf();
        var (written, application) = request.Store.Applications.Add(
            () => ApplicationDocument.Read(body, empty, zones, request.Store.ReusablePolicies.Get, request.Now));
        if (!written)
        {
            throw AccessErrors.ApplicationExists();
        }

        await request.AnswerAsync(
            ApplicationDocument.ToJson(application), StatusCodes.Status201Created).ConfigureAwait(false);
    }

    private static Task GetAsync(ApiRequest request) => request.AnswerAsync(ApplicationDocument.ToJson(Find(request)));

    private static async Task UpdateAsync(ApiRequest request)
    {
        var body = new ApiDocument(await request.ReadObjectAsync().ConfigureAwait(false), AccessErrors.Invalid);
        var zones = request.ZonesOf();
        var (written, application) = request.Store.Applications.Change(Find(request).Id, present =>
            ApplicationDocument.Read(body, present, zones, request.Store.ReusablePolicies.Get, request.Now));
        if (application is null)
        {
            throw AccessErrors.UnknownApplication();
        }

        if (!written)
        {
            throw AccessErrors.ApplicationExists();
        }

        await request.AnswerAsync(ApplicationDocument.ToJson(application)).ConfigureAwait(false);
    }

    private static Task DeleteAsync(ApiRequest request)
    {
        var id = Find(request).Id;
        return request.Store.Applications.Remove(id)
            ? request.AnswerAsync(new JsonObject { ["id"] = id.ToString("D") }, StatusCodes.Status202Accepted)
            : throw AccessErrors.UnknownApplication();
    }

    private static Task RevokeTokensAsync(ApiRequest request)
    {
        var application = Find(request);
        request.Store.Sessions.RevokeApplication(application.Id);
        RevocationLog.Append(request, "what everybody had open of the application", null, application);
        return request.AnswerAsync(new JsonObject(), StatusCodes.Status202Accepted);
    }
}
