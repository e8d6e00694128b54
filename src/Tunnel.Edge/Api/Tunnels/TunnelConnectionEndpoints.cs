using Tunnel.Edge.Api.Http;
using Tunnel.Edge.Api.Permissions;

namespace Tunnel.Edge.Api.Tunnels;

/// <summary>
/// <c>/accounts/{account}/cfd_tunnel/{tunnel}/connections</c> and <c>/connectors/{connector}</c>: who is connected.
/// </summary>
internal static class TunnelConnectionEndpoints
{
    public static void Map(ApiRouter router)
    {
        const string Root = "/accounts/{account}/cfd_tunnel/{tunnel}";
        router.Map(Root + "/connections", ApiPermissions.Tunnels, ("GET", GetAsync), ("DELETE", DeleteAsync));
        router.Map(Root + "/connectors/{connector}", ApiPermissions.Tunnels, ("GET", GetConnectorAsync));
    }

    private static Task GetAsync(ApiRequest request)
    {
        var tunnel = TunnelEndpoints.Find(request);
        var version = request.Store.Tunnels.GetConfiguration(tunnel.Id)?.Version ?? 0;
        return request.AnswerAsync(TunnelDocument.Clients(request.Connections.ForTunnel(tunnel.Id), version));
    }

    private static Task GetConnectorAsync(ApiRequest request)
    {
        var tunnel = TunnelEndpoints.Find(request);
        var connector = request.SegmentGuid("connector");
        var connections = request.Connections.ForTunnel(tunnel.Id).Where(c => c.ClientId == connector).ToArray();
        var version = request.Store.Tunnels.GetConfiguration(tunnel.Id)?.Version ?? 0;
        return connections.Length > 0
            ? request.AnswerAsync(TunnelDocument.Client(connector, connections, version))
            : throw TunnelErrors.ConnectorMissing();
    }

    private static async Task DeleteAsync(ApiRequest request)
    {
        var tunnel = TunnelEndpoints.Find(request);
        await request.Connections.DisconnectAsync(
            tunnel.Id, request.QueryGuid("client_id"), request.Aborted).ConfigureAwait(false);
        await request.AnswerAsync(null).ConfigureAwait(false);
    }
}
