using System.Net;
using System.Text;
using Microsoft.AspNetCore.Hosting.Server;
using Microsoft.AspNetCore.Http;
using Microsoft.AspNetCore.Http.Features;
using Microsoft.AspNetCore.Server.Kestrel.Core;
using Microsoft.Extensions.Logging;
using Microsoft.Extensions.Options;

namespace Tunnel.Core.Connector;

/// <summary>Serves HTTP/2, by prior knowledge, on the connections that were dialled to the edge.</summary>
internal sealed class ConnectorServer : IAsyncDisposable
{
    /// <summary>Bytes that a slow origin may leave waiting per stream; cloudflared's figure.</summary>
    private const int StreamWindow = 1024 * 1024;

    /// <summary>
    /// The same for a whole connection: sixteen stalled streams may fill their windows before they hold up the rest.
    /// </summary>
    private const int ConnectionWindow = 16 * StreamWindow;

    private readonly DialedConnections _dialed = new();
    private readonly KestrelServer _server;

    public ConnectorServer(ILoggerFactory loggerFactory)
    {
        var options = new KestrelServerOptions
        {
            AddServerHeader = false,
            RequestHeaderEncodingSelector = static _ => Encoding.Latin1, // header values are bytes, not text
            AllowSynchronousIO = false,
            // An edge asks for https, which is what its visitors asked for: TLS ends before Kestrel, which cannot know.
            AllowAlternateSchemes = true,
            // Kestrel asks it for optional services only; there are none.
            ApplicationServices = new NoServices(loggerFactory),
        };
        var limits = options.Limits;
        limits.MaxRequestBodySize = null; // a stream lasts as long as its ssh session
        limits.MinRequestBodyDataRate = null;
        limits.MinResponseDataRate = null;
        limits.MaxConcurrentConnections = null;
        limits.MaxResponseBufferSize = 256 * 1024;
        limits.KeepAliveTimeout = Timeout.InfiniteTimeSpan; // the edge decides; pings find out when it is gone
        limits.Http2.MaxStreamsPerConnection = 4096;
        limits.Http2.MaxFrameSize = 256 * 1024;
        limits.Http2.InitialStreamWindowSize = StreamWindow;
        limits.Http2.InitialConnectionWindowSize = ConnectionWindow;
        limits.Http2.KeepAlivePingDelay = TimeSpan.FromSeconds(10);
        limits.Http2.KeepAlivePingTimeout = TimeSpan.FromSeconds(10);
        options.Listen(new IPEndPoint(IPAddress.None, 0), listen => listen.Protocols = HttpProtocols.Http2);
        _server = new KestrelServer(Options.Create(options), _dialed, loggerFactory);
    }

    public Task StartAsync(CancellationToken cancellationToken) =>
        _server.StartAsync(new Application(), cancellationToken);

    /// <summary>Begins to serve streams on a connection; each goes to the <see cref="EdgeConnection"/> given.</summary>
    public void Serve(DialedConnection connection, EdgeConnection owner)
    {
        connection.Features.Set(owner);
        _dialed.Hand(connection);
    }

    public async ValueTask DisposeAsync()
    {
        // The connections have ended or have to end now: nobody waits for them here.
        await _server.StopAsync(new CancellationToken(canceled: true)).ConfigureAwait(false);
        _server.Dispose();
    }

    private sealed class Application : IHttpApplication<HttpContext>
    {
        public HttpContext CreateContext(IFeatureCollection contextFeatures) => new DefaultHttpContext(contextFeatures);

        public Task ProcessRequestAsync(HttpContext context) =>
            context.Features.GetRequiredFeature<EdgeConnection>().ServeAsync(context);

        public void DisposeContext(HttpContext context, Exception? exception)
        {
        }
    }

    private sealed class NoServices(ILoggerFactory loggerFactory) : IServiceProvider
    {
        public object? GetService(Type serviceType) => serviceType == typeof(ILoggerFactory) ? loggerFactory : null;
    }
}
