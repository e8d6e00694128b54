using System.Net;
using System.Net.Security;
using System.Net.Sockets;
using System.Security.Authentication;
using Tunnel.Protocol.Tls;
using Tunnel.Protocol.Trust;

namespace Tunnel.Core.Connector;

/// <summary>Opens TLS connections to the edge's tunnel port and verifies who answers.</summary>
internal sealed class EdgeDialer(ConnectorOptions options)
{
    /// <summary>Cloudflare documents these two names, one a region, as what a firewall has to let through.</summary>
    public static readonly IReadOnlyList<DnsEndPoint> CloudflareAddresses =
        [new("region1.v2.argotunnel.com", 7844), new("region2.v2.argotunnel.com", 7844)];

    private readonly IReadOnlyList<DnsEndPoint> _addresses =
        options.EdgeAddresses is { Count: > 0 } given ? given : CloudflareAddresses;

    private readonly SslClientAuthenticationOptions _tls = new()
    {
        TargetHost = ConnectorOptions.EdgeServerName,
        EnabledSslProtocols = SslProtocols.Tls12 | SslProtocols.Tls13,
        CertificateChainPolicy = options.CertificateAuthorities is { } authorities ? PrivateAuthorities.TrustOnly(authorities) : null,
    };

    /// <param name="connection">Connections spread over the addresses by their index.</param>
    /// <param name="attempt">Each further try takes the next address.</param>
    public async Task<DialedEdge> DialAsync(int connection, int attempt, CancellationToken cancellationToken)
    {
        var address = _addresses[(connection + attempt) % _addresses.Count];
        using var limit = CancellationTokenSource.CreateLinkedTokenSource(cancellationToken);
        limit.CancelAfter(options.DialTimeout);
        var socket = new Socket(SocketType.Stream, ProtocolType.Tcp) { NoDelay = true };
        try
        {
            // A name with several addresses is spread over as well: the two regions have ten each.
            var candidates = await Dns.GetHostAddressesAsync(address.Host, limit.Token).ConfigureAwait(false);
            var target = new IPEndPoint(candidates[((connection / _addresses.Count) + attempt) % candidates.Length], address.Port);
            await socket.ConnectAsync(target, limit.Token).ConfigureAwait(false);
            var tls = new SslStream(new ReadAheadStream(new NetworkStream(socket, ownsSocket: true)));
            try
            {
                await tls.AuthenticateAsClientAsync(_tls, limit.Token).ConfigureAwait(false);
                return new DialedEdge(tls, socket, socket.LocalEndPoint, socket.RemoteEndPoint);
            }
            catch
            {
                await tls.DisposeAsync().ConfigureAwait(false);
                throw;
            }
        }
        catch (Exception error) when (!cancellationToken.IsCancellationRequested)
        {
            socket.Dispose();
            throw new ConnectorException(Explain(address, error), innerException: error);
        }
        catch
        {
            socket.Dispose();
            throw;
        }
    }

    private static string Explain(DnsEndPoint address, Exception error) => error switch
    {
        AuthenticationException => $"The edge at {address.Host}:{address.Port} could not prove that it is " +
            $"{ConnectorOptions.EdgeServerName}: {error.Message} For an edge of your own, give its CA certificate.",
        OperationCanceledException => $"The edge at {address.Host}:{address.Port} did not answer in time.",
        SocketException => $"The edge at {address.Host}:{address.Port} cannot be reached: {error.Message}. " +
            "Outbound TCP to that port must be allowed.",
        _ => $"The edge at {address.Host}:{address.Port} broke off: {error.Message}",
    };
}

/// <summary>An authenticated connection to the edge.</summary>
/// <remarks>The end points are read here: a socket that has been reset since tells none.</remarks>
internal sealed record DialedEdge(SslStream Stream, Socket Socket, EndPoint? LocalEndPoint, EndPoint? RemoteEndPoint);
