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
            await Task.WhenAny(near.CopyToAsync(far, cancellationToken), BackAsync(far, client, cancellationToken));
        }
        finally
        {
            _open.TryRemove(client, out _);
        }
    });

    public DnsEndPoint Address => new("127.0.0.1", _listener.Port);

    public int Open => _open.Count;

    /// <summary>Cut with the next byte that the target sends: it notices only when it wants something.</summary>
    public bool CutsOnUse { get; set; }

    /// <summary>Cuts every connection that is open now, with a reset.</summary>
    public void Cut()
    {
        foreach (var client in _open.Keys)
        {
            client.Close(0);
        }
    }

    private async Task BackAsync(NetworkStream source, Socket client, CancellationToken cancellationToken)
    {
        var buffer = new byte[64 * 1024];
        int read;
        while ((read = await source.ReadAsync(buffer, cancellationToken)) > 0 && !CutsOnUse)
        {
            for (var sent = 0; sent < read;)
            {
                sent += await client.SendAsync(buffer.AsMemory(sent, read - sent), cancellationToken);
            }
        }
    }

    public ValueTask DisposeAsync() => _listener.DisposeAsync();
}
