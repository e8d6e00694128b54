using Tunnel.Edge.Api.Http;
using Tunnel.Edge.Api.Permissions;
using Tunnel.Edge.Api.Zones;
using Tunnel.Edge.Store;

namespace Tunnel.Edge.Api.Access;

/// <summary>
/// Most of Access is served twice: below the account, and below each of its zones, where only what lies in the zone is
/// there.
/// </summary>
internal static class AccessRoutes
{
    /// <summary>Adds <c>/accounts/{account}/access</c> and <c>/zones/{zone}/access</c> with the path after them.</summary>
    public static void MapAccess(
        this ApiRouter router, string path, ApiPermission permission, params (string Method, ApiHandler Handler)[] methods)
    {
        router.Map("/accounts/{account}/access" + path, permission, methods);
        router.Map("/zones/{zone}/access" + path, permission, [.. methods.Select(m => (m.Method, InZone(m.Handler)))]);
    }

    /// <summary>The zone that the path names, or all of the account.</summary>
    public static IReadOnlyList<ZoneRecord> ZonesOf(this ApiRequest request) =>
        request.HasSegment("zone") ? [ZoneEndpoints.Find(request)] : request.Store.Zones.List();

    /// <summary>
    /// Whether the application is there below the path: always below the account. Below a zone it can be seen if one of its
    /// domains is in it, and changed if all are: a token of one zone must not open another's hostname.
    /// </summary>
    public static bool Shows(this ApiRequest request, AccessApplicationRecord application)
    {
        if (!request.HasSegment("zone"))
        {
            return true;
        }

        var zone = ZoneEndpoints.Find(request);
        return request.IsReading
            ? application.Domains.Any(domain => ApplicationDomains.IsIn(domain, zone))
            : application.Domains.All(domain => ApplicationDomains.IsIn(domain, zone));
    }

    private static ApiHandler InZone(ApiHandler handler) => request =>
    {
        ZoneEndpoints.Find(request);
        return handler(request);
    };
}
