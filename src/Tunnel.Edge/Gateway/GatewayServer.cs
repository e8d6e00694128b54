using System.Net;
using Microsoft.AspNetCore.Builder;
using Microsoft.AspNetCore.Server.Kestrel.Core;
using Microsoft.Extensions.Logging;
using Tunnel.Edge.Certificates;
using Tunnel.Edge.Hosting;

namespace Tunnel.Edge.Gateway;

/// <summary>The public listener, for every hostname.</summary>
internal static class GatewayServer
{
    public static HttpsServer Create(
        IPEndPoint address, EdgeCertificateAuthority authority, GatewayHandler handler, ClientCertificateRequests certificates,
        ILoggerFactory loggerFactory) =>
        new(address, authority, serverName => CertificateName(serverName, address.Address), loggerFactory, Limit,
            application => application.Run(handler.ServeAsync), certificates.Prepare);

    private static void Limit(KestrelServerLimits limits)
    {
        limits.MaxRequestBodySize = null; // a stream lasts as long as its session
        limits.MinRequestBodyDataRate = null;
        limits.MinResponseDataRate = null;
        limits.MaxRequestHeadersTotalSize = 64 * 1024; // cookies and tokens
        limits.Http2.MaxRequestHeaderFieldSize = 32 * 1024;
        limits.Http2.InitialStreamWindowSize = 1024 * 1024;
        limits.Http2.InitialConnectionWindowSize = 4 * 1024 * 1024;
        limits.MaxResponseBufferSize = 256 * 1024;
    }

    /// <summary>Clients that name no host in TLS have dialled an address, and look for it in the certificate.</summary>
    private static string CertificateName(string? serverName, IPAddress address) =>
        serverName is { Length: > 0 and <= 253 } && Uri.CheckHostName(serverName) == UriHostNameType.Dns
            ? serverName.TrimEnd('.').ToLowerInvariant()
            : address.Equals(IPAddress.Any) || address.Equals(IPAddress.IPv6Any) ? "localhost" : address.ToString();
}
