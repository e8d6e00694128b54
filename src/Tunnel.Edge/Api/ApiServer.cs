using System.Net;
using System.Net.Sockets;
using Microsoft.AspNetCore.Builder;
using Microsoft.Extensions.Logging;
using Tunnel.Edge.Certificates;
using Tunnel.Edge.Hosting;
using Tunnel.Edge.Login;
using Tunnel.Edge.Store;
using Tunnel.Edge.Transfers;
using Tunnel.Edge.Tunnels;

namespace Tunnel.Edge.Api;

/// <summary>The API's listener, apart from the visitors' port.</summary>
internal static class ApiServer
{
    public static HttpsServer Create(
        IPEndPoint address, EdgeCertificateAuthority authority, EdgeStore store, ITunnelConnections connections,
        TransferStore transfers, ApiOptions defaults, ILoggerFactory loggerFactory)
    {
        var name = address.Address.ToString();
        var options = defaults with
        {
            AllowedHosts = [.. defaults.AllowedHosts,
                address.AddressFamily == AddressFamily.InterNetworkV6 ? $"[{name}]" : name],
        };
        return new HttpsServer(
            address, authority, serverName => serverName is "localhost" or TransferStore.CloudflareHost ? serverName : name,
            loggerFactory, static _ => { },
            application =>
            {
                application.UseRouting();
                ApiEndpoints.Map(application, store, connections, options);
                TransferEndpoints.Map(application, transfers);
                LoginEndpoints.Map(application, store, transfers, options.AllowedHosts, options.TimeProvider, loggerFactory);
            });
    }
}
