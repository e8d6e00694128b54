using System.Net;
using System.Net.Security;
using System.Net.Sockets;
using System.Security.Authentication;
using System.Security.Cryptography.X509Certificates;

namespace Tunnel.Core.Client;

/// <summary>Opens the TLS connection that a visitor's stream runs on.</summary>
internal sealed class AccessDialer(AccessClientOptions options)
{
    /// <summary>How long one of several addresses of a name may take before the next is tried.</summary>
    private static readonly TimeSpan s_patience = TimeSpan.FromSeconds(2);

    private DnsEndPoint Target => options.ConnectTo ?? new DnsEndPoint(options.Address.Host, options.Address.Port);

    private string ServerName => options.ServerName ?? options.Address.Host;

    /// <exception cref="AccessConnectException">Nothing answers there, or nothing that is to be trusted.</exception>
    public async Task<Socket> ConnectAsync(CancellationToken cancellationToken)
    {
        var socket = new Socket(SocketType.Stream, ProtocolType.Tcp);
        try
        {
            if (options.BlockingIo)
            {
                socket.Dispose();
                return ConnectBlocking(cancellationToken);
            }

            socket.NoDelay = true;
            await socket.ConnectAsync(Target, cancellationToken).ConfigureAwait(false);
            return socket;
        }
        catch (SocketException error)
        {
            socket.Dispose();
            throw Unreachable(error);
        }
        catch
        {
            socket.Dispose();
            throw;
        }
    }

    /// <exception cref="AccessConnectException">The certificate is not to be trusted, or there is no TLS at all.</exception>
    public async Task<SslStream> SecureAsync(Stream transport, CancellationToken cancellationToken)
    {
        var trust = new ServerTrust(options, ServerName);
        var tls = new SslStream(transport, leaveInnerStreamOpen: false);
        try
        {
            var authentication = new SslClientAuthenticationOptions
            {
                TargetHost = ServerName,
                EnabledSslProtocols = SslProtocols.Tls12 | SslProtocols.Tls13,
                ApplicationProtocols = [SslApplicationProtocol.Http11],
                CertificateChainPolicy = trust.CreatePolicy(),
                RemoteCertificateValidationCallback = (_, certificate, chain, errors) =>
                    trust.Check((X509Certificate2?)certificate, chain, errors),
            };
            await tls.AuthenticateAsClientAsync(authentication, cancellationToken).ConfigureAwait(false);
            return tls;
        }
        catch (AuthenticationException error)
        {
            await tls.DisposeAsync().ConfigureAwait(false);
            throw new AccessConnectException(
                trust.Objection is { } objection
                    ? $"The certificate that {Text(Target)} shows is not trusted: {objection}."
                    : $"{Text(Target)} and this client found no TLS in common: {error.InnerException?.Message ?? error.Message}",
                error);
        }
        catch (IOException error) when (!cancellationToken.IsCancellationRequested && !IsTimeout(error))
        {
            await tls.DisposeAsync().ConfigureAwait(false);
            throw new AccessConnectException($"{Text(Target)} does not speak TLS: {error.Message}", error);
        }
        catch
        {
            await tls.DisposeAsync().ConfigureAwait(false);
            throw;
        }
    }

    public static string Text(DnsEndPoint target) =>
        target.Host.Contains(':', StringComparison.Ordinal) ? $"[{target.Host}]:{target.Port}" : $"{target.Host}:{target.Port}";

    /// <summary>The kernel's time limit for a blocking operation has passed.</summary>
    public static bool IsTimeout(Exception error) =>
        error.InnerException is SocketException { SocketErrorCode: SocketError.TimedOut or SocketError.WouldBlock };

    private Socket ConnectBlocking(CancellationToken cancellationToken)
    {
        var addresses = IPAddress.TryParse(Target.Host, out var literal) ? [literal] : Dns.GetHostAddresses(Target.Host);
        if (addresses.Length == 0)
        {
            throw new SocketException((int)SocketError.HostNotFound);
        }

        SocketException? last = null;

        // A second round with all patience, for a network on which every address is slow.
        foreach (var patience in addresses.Length == 1 ? [options.ConnectTimeout] : (TimeSpan[])[s_patience, options.ConnectTimeout])
        {
            foreach (var address in addresses)
            {
                cancellationToken.ThrowIfCancellationRequested();
                var socket = new Socket(address.AddressFamily, SocketType.Stream, ProtocolType.Tcp)
                {
                    NoDelay = true,
                    SendTimeout = Milliseconds(patience),
                };
                using var abort = cancellationToken.Register(socket.Dispose);
                try
                {
                    socket.Connect(address, Target.Port);
                    socket.SendTimeout = socket.ReceiveTimeout = Milliseconds(options.ConnectTimeout);
                    return socket;
                }
                catch (SocketException error)
                {
                    socket.Dispose();
                    cancellationToken.ThrowIfCancellationRequested();
                    last = error;
                    if (error.SocketErrorCode is not (SocketError.TimedOut or SocketError.InProgress or SocketError.WouldBlock))
                    {
                        continue;
                    }
                }
            }

            if (last!.SocketErrorCode is SocketError.ConnectionRefused)
            {
                break;
            }
        }

        throw last!;
    }

    private static int Milliseconds(TimeSpan span) => (int)Math.Clamp(span.TotalMilliseconds, 1, int.MaxValue);

    private AccessConnectException Unreachable(SocketException error) => new(
        error.SocketErrorCode switch
        {
            SocketError.HostNotFound or SocketError.NoData or SocketError.TryAgain =>
                $"The name {Target.Host} is not known. Check the spelling, and that its DNS record exists.",
            SocketError.ConnectionRefused => $"Nothing listens at {Text(Target)} (connection refused).",
            SocketError.TimedOut or SocketError.InProgress or SocketError.WouldBlock =>
                $"{Text(Target)} does not answer.",
            _ => $"{Text(Target)} cannot be reached: {error.Message}.",
        },
        error);
}
