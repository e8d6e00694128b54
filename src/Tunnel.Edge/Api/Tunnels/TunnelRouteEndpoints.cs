using System.Text.Json.Nodes;
using Tunnel.Edge.Api.Http;
using Tunnel.Edge.Api.Permissions;
using Tunnel.Edge.Api.Zones;
using Tunnel.Edge.Store;

namespace Tunnel.Edge.Api.Tunnels;

/// <summary>
/// <c>/zones/{zone}/tunnels/{tunnel}/routes</c>: lets a hostname lead to a tunnel, as <c>cloudflared tunnel route dns</c>
/// asks for it (cloudflared <c>cfapi/hostname.go</c>).
/// </summary>
internal static class TunnelRouteEndpoints
{
    public static void Map(ApiRouter router) => router.Map("/zones/{zone}/tunnels/{tunnel}/routes", ApiPermissions.TunnelRoutes,
        ("PUT", PutAsync));

    private static async Task PutAsync(ApiRequest request)
    {
        var zone = ZoneEndpoints.Find(request);
        var body = new ApiDocument(await request.ReadObjectAsync().ConfigureAwait(false), TunnelErrors.Invalid);
        var tunnel = TunnelEndpoints.FindPresent(request);
        if (body.RequiredText("type") != "dns")
        {
            throw TunnelErrors.Invalid("type must be dns");
        }

        // A name outside of the zone is taken as relative to it, as by Cloudflare; the answer tells the whole name.
        var hostname = DomainName.InZone(body.RequiredText("user_hostname"), zone.Name);
        if (!DomainName.IsValid(hostname, wildcard: true))
        {
            throw TunnelErrors.Invalid("user_hostname is not a hostname");
        }

        var change = request.Store.DnsRecords.Route(
            zone.Id, hostname, tunnel.Id, body.Bool("overwrite_existing") ?? false, request.Now);
        await request.AnswerAsync(new JsonObject
        {
            ["cname"] = change switch
            {
                RouteChange.New => "new",
                RouteChange.Updated => "updated",
                RouteChange.Unchanged => "unchanged",
                _ => throw TunnelErrors.RouteRefused(hostname),
            },
            ["name"] = hostname,
        }).ConfigureAwait(false);
    }
}
