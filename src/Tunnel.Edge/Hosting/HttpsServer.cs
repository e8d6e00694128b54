using System.Net;
using System.Net.Security;
using System.Security.Authentication;
using System.Text;
using Microsoft.AspNetCore.Builder;
using Microsoft.AspNetCore.Connections;
using Microsoft.AspNetCore.Hosting;
using Microsoft.AspNetCore.Server.Kestrel.Core;
using Microsoft.AspNetCore.Server.Kestrel.Https;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.DependencyInjection.Extensions;
using Microsoft.Extensions.Hosting;
using Microsoft.Extensions.Logging;
using Tunnel.Edge.Certificates;

namespace Tunnel.Edge.Hosting;

/// <summary>An HTTPS listener of the edge's, HTTP/1.1 and HTTP/2, with certificates of its own authority.</summary>
internal sealed class HttpsServer : IAsyncDisposable
{
    /// <summary>After this, requests that still run are cut off: streams would go on for hours.</summary>
    private static readonly TimeSpan s_stopTimeout = TimeSpan.FromMilliseconds(200);

    private readonly WebApplication _application;
    private readonly IPAddress _address;

    /// <param name="certificateName">The name to show a certificate for, given the one that the client asks for.</param>
    /// <param name="prepare">Changes what one handshake asks of its client.</param>
    public HttpsServer(
        IPEndPoint address, EdgeCertificateAuthority authority, Func<string?, string> certificateName,
        ILoggerFactory loggerFactory, Action<KestrelServerLimits> limit, Action<WebApplication> map,
        Action<TlsHandshakeCallbackContext, SslServerAuthenticationOptions>? prepare = null)
    {
        _address = address.Address;
        // Empty: no configuration files, environment variables or console logging of the host program leak in.
        var builder = WebApplication.CreateEmptyBuilder(new WebApplicationOptions());
        builder.Services.AddRoutingCore();
        builder.Services.Replace(ServiceDescriptor.Singleton<ILoggerFactory>(new ServerLoggerFactory(loggerFactory)));
        builder.Services.Replace(ServiceDescriptor.Singleton<IHostLifetime>(new EmbeddedLifetime()));
        builder.WebHost.UseKestrelCore().ConfigureKestrel(options =>
        {
            options.AddServerHeader = false;
            options.RequestHeaderEncodingSelector = static _ => Encoding.Latin1; // header values are bytes, not text
            options.ResponseHeaderEncodingSelector = static _ => Encoding.Latin1;
            limit(options.Limits);
            options.Listen(address, listen => listen.UseHttps(new TlsHandshakeCallbackOptions
            {
                OnConnection = context =>
                {
                    var handshake = new SslServerAuthenticationOptions
                    {
                        ServerCertificateContext = authority.For(certificateName(context.ClientHelloInfo.ServerName)),
                        EnabledSslProtocols = SslProtocols.Tls12 | SslProtocols.Tls13,
                        ApplicationProtocols = [SslApplicationProtocol.Http2, SslApplicationProtocol.Http11],
                    };
                    prepare?.Invoke(context, handshake);
                    return ValueTask.FromResult(handshake);
                },
            }));
        });
        builder.Services.Replace(ServiceDescriptor.Singleton<IConnectionListenerFactory>(new SocketListenerFactory()));
        _application = builder.Build();
        map(_application);
    }

    public IPEndPoint EndPoint { get; private set; } = new(IPAddress.None, 0);

    /// <exception cref="IOException">The address is taken.</exception>
    public async Task StartAsync(CancellationToken cancellationToken)
    {
        await _application.StartAsync(cancellationToken).ConfigureAwait(false);
        EndPoint = new IPEndPoint(_address, new Uri(_application.Urls.Single()).Port);
    }

    public async ValueTask DisposeAsync()
    {
        using var limit = new CancellationTokenSource(s_stopTimeout);
        await _application.StopAsync(limit.Token).ConfigureAwait(false);
        await _application.DisposeAsync().ConfigureAwait(false);
    }
}
