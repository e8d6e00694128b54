using System.Collections.Concurrent;
using System.Net;
using System.Net.Sockets;

namespace Tunnel.Testing;

/// <summary>A wire that can be cut: passes connections on to a port until the test says otherwise.</summary>
public sealed class TcpProxy : IAsyncDisposable
{
    private readonly OriginListener _listener;
    private readonly ConcurrentDictionary<Socket, bool> _open = new();

    public TcpProxy(EndPoint target) => _listener = new OriginListener(async (client, cancellationToken) =>
    {
        using var server = new Socket(SocketType.Stream, ProtocolType.Tcp) { NoDelay = true };
        await server.ConnectAsync(target, cancellationToken);
        _open[client] = true;
        await using var near = new NetworkStream(client);
        await using var far = new NetworkStream(server);
        try
        {
            await Task.WhenAny(near.CopyToAsync(far, cancellationToken), far.CopyToAsync(near, cancellationToken));
        }
        finally
        {
            _open.TryRemove(client, out _);
        }
    });

    public DnsEndPoint Address => new("127.0.0.1", _listener.Port);

    public int Open => _open.Count;

    /// <summary>Cuts every connection that is open now, with a reset.</summary>
    public void Cut()
    {
        foreach (var client in _open.Keys)
        {
            client.Close(0);
        }
    }

    public ValueTask DisposeAsync() => _listener.DisposeAsync();
}
