using System.Collections.Concurrent;
using System.Net;
using System.Net.Security;
using System.Net.Sockets;
using System.Security.Authentication;
using Microsoft.Extensions.Logging;
using Tunnel.Edge.Certificates;
using Tunnel.Protocol.Tls;

namespace Tunnel.Edge.Tunnels;

/// <summary>Accepts connectors on the tunnel port.</summary>
internal sealed class TunnelListener : IAsyncDisposable
{
    /// <summary>What connectors ask for in TLS, whatever address they dial.</summary>
    public const string ServerName = "h2.cftunnel.com";

    /// <summary>Connections that may be open at a time, registered or not.</summary>
    private const int MaxConnections = 4096;

    private static readonly TimeSpan s_handshakeTimeout = TimeSpan.FromSeconds(10);

    private readonly Socket _socket;
    private readonly EdgeCertificateAuthority _authority;
    private readonly TunnelConnections _connections;
    private readonly TimeProvider _time;
    private readonly ILogger _log;
    private readonly CancellationTokenSource _stopping = new();
    private readonly ConcurrentDictionary<Task, bool> _running = new();
    private readonly SemaphoreSlim _slots = new(MaxConnections);
    private readonly Task _accepting;

    public TunnelListener(IPEndPoint address, EdgeCertificateAuthority authority, TunnelConnections connections, TimeProvider time, ILogger log)
    {
        (_authority, _connections, _time, _log) = (authority, connections, time, log);
        _socket = new Socket(address.AddressFamily, SocketType.Stream, ProtocolType.Tcp);
        try
        {
            _socket.Bind(address);
            _socket.Listen(512);
        }
        catch
        {
            _socket.Dispose();
            throw;
        }

        EndPoint = (IPEndPoint)_socket.LocalEndPoint!;
        _accepting = AcceptAsync();
    }

    public IPEndPoint EndPoint { get; }

    public async ValueTask DisposeAsync()
    {
        await _stopping.CancelAsync().ConfigureAwait(false);
        _socket.Dispose();
        await _accepting.ConfigureAwait(false);
        await Task.WhenAll(_running.Keys).ConfigureAwait(false);
        _stopping.Dispose();
        _slots.Dispose();
    }

    private async Task AcceptAsync()
    {
        while (!_stopping.IsCancellationRequested)
        {
            try
            {
                await _slots.WaitAsync(_stopping.Token).ConfigureAwait(false);
                var accepted = await _socket.AcceptAsync(_stopping.Token).ConfigureAwait(false);
                var serving = ServeAsync(accepted);
                _running[serving] = true;
                _ = serving.ContinueWith(done => _running.TryRemove(done, out _), TaskScheduler.Default);
            }
            catch (Exception error) when (error is OperationCanceledException or ObjectDisposedException)
            {
                return;
            }
            catch (SocketException error)
            {
                // Too many open files, or the peer left before it was accepted: the next one may do better.
                _slots.Release();
                _log.LogWarning("A connector could not be accepted: {Reason}", error.Message);
                await Task.Delay(TimeSpan.FromMilliseconds(100), _time, _stopping.Token)
                    .ConfigureAwait(ConfigureAwaitOptions.SuppressThrowing);
            }
        }
    }

    private async Task ServeAsync(Socket socket)
    {
        try
        {
            socket.NoDelay = true;
            var remote = (IPEndPoint)socket.RemoteEndPoint!;
            var tls = new SslStream(new ReadAheadStream(new NetworkStream(socket, ownsSocket: true)));
            await using (tls.ConfigureAwait(false))
            {
                using (var limit = CancellationTokenSource.CreateLinkedTokenSource(_stopping.Token))
                {
                    limit.CancelAfter(s_handshakeTimeout);
                    await tls.AuthenticateAsServerAsync(
                        new SslServerAuthenticationOptions
                        {
                            ServerCertificateContext = _authority.For(ServerName),
                            EnabledSslProtocols = SslProtocols.Tls12 | SslProtocols.Tls13,
                        },
                        limit.Token).ConfigureAwait(false);
                }

                var connection = new ConnectorConnection(tls, remote, _connections, _time, _log);
                await using (connection.ConfigureAwait(false))
                {
                    await connection.RunAsync(_stopping.Token).ConfigureAwait(false);
                }
            }
        }
        catch (Exception error) when (error is IOException or AuthenticationException or SocketException or OperationCanceledException)
        {
            _log.LogDebug("A connection to the tunnel port was not completed: {Reason}", error.Message);
        }
        finally
        {
            socket.Dispose();
            _slots.Release();
        }
    }
}
