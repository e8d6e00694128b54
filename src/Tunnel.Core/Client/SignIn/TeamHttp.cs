using System.Net.Security;
using System.Net.Sockets;
using System.Security.Cryptography.X509Certificates;

namespace Tunnel.Core.Client.SignIn;

/// <summary>Makes the HTTP client for an application's host and its team's, which trusts what a visitor's stream trusts.</summary>
internal static class TeamHttp
{
    private const int MaxResponseBytes = 256 * 1024;

    public static HttpClient Create(AccessClientOptions client)
    {
        var handler = new SocketsHttpHandler
        {
            // Each step of a redirect is looked at: a token goes to the team and to nobody else.
            AllowAutoRedirect = false,
            UseCookies = false,
            ConnectTimeout = client.ConnectTimeout,
            MaxResponseHeadersLength = 64,
            SslOptions = new SslClientAuthenticationOptions
            {
                CertificateChainPolicy = new ServerTrust(client, client.Address.Host).CreatePolicy(),
                RemoteCertificateValidationCallback = (sender, certificate, chain, errors) =>
                    new ServerTrust(client, ((SslStream)sender).TargetHostName).Check((X509Certificate2?)certificate, chain, errors),
            },
        };
        if (client.ConnectTo is { } target)
        {
            handler.UseProxy = false;
            handler.ConnectCallback = async (context, cancellationToken) =>
            {
                var socket = new Socket(SocketType.Stream, ProtocolType.Tcp) { NoDelay = true };
                try
                {
                    await socket.ConnectAsync(target, cancellationToken).ConfigureAwait(false);
                    var stream = new NetworkStream(socket, ownsSocket: true);
                    // The application's own host has another name there, its team has not. The handler takes TLS as it comes.
                    return client.ServerName is not null && context.DnsEndPoint.Host.Equals(client.Address.Host, StringComparison.OrdinalIgnoreCase)
                        ? await new AccessDialer(client).SecureAsync(stream, cancellationToken).ConfigureAwait(false) : stream;
                }
                catch
                {
                    socket.Dispose();
                    throw;
                }
            };
        }

        return new HttpClient(handler) { Timeout = Timeout.InfiniteTimeSpan, MaxResponseContentBufferSize = MaxResponseBytes };
    }
}
