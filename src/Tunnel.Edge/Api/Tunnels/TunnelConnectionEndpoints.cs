using Tunnel.Edge.Api.Http;
using Tunnel.Edge.Api.Permissions;

namespace Tunnel.Edge.Api.Tunnels;

/// <summary><c>/accounts/{account}/cfd_tunnel/{tunnel}/connections</c>: who is connected, by connector.</summary>
internal static class TunnelConnectionEndpoints
{
    public static void Map(ApiRouter router) => router.Map(
        "/accounts/{account}/cfd_tunnel/{tunnel}/connections", ApiPermissions.Tunnels, ("GET", GetAsync), ("DELETE", DeleteAsync));

    private static Task GetAsync(ApiRequest request)
    {
        var tunnel = TunnelEndpoints.Find(request);
        var version = request.Store.Tunnels.GetConfiguration(tunnel.Id)?.Version ?? 0;
        return request.AnswerAsync(TunnelDocument.Clients(request.Connections.ForTunnel(tunnel.Id), version));
    }

    private static async Task DeleteAsync(ApiRequest request)
    {
        var tunnel = TunnelEndpoints.Find(request);
        await request.Connections.DisconnectAsync(
            tunnel.Id, request.QueryGuid("client_id"), request.Aborted).ConfigureAwait(false);
        await request.AnswerAsync(null).ConfigureAwait(false);
    }
}
