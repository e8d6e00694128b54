using System.Net;
using System.Net.Sockets;
using System.Text;

namespace Tunnel.Testing;

/// <summary>
/// An HTTP proxy on loopback that knows CONNECT only, and leads each host where the test says: programs that have a name
/// built in are pointed at a test with it, TLS and all.
/// </summary>
public sealed class ConnectProxy : IAsyncDisposable
{
    private readonly LoopbackServer _server;
    private readonly Func<string, IPEndPoint> _target;

    public ConnectProxy(IPEndPoint target)
        : this(_ => target)
    {
    }

    /// <param name="target">Where a host, without its port, is.</param>
    public ConnectProxy(Func<string, IPEndPoint> target)
    {
        _target = target;
        _server = new LoopbackServer(ServeAsync);
    }

    public Uri Address => new($"http://{_server.EndPoint}");

    public ValueTask DisposeAsync() => _server.DisposeAsync();

    private async Task ServeAsync(Socket client, CancellationToken cancellationToken)
    {
        await using var near = new NetworkStream(client);
        var header = new List<byte>();
        var one = new byte[1];
        while (header is not [.., 13, 10, 13, 10])
        {
            await near.ReadExactlyAsync(one, cancellationToken);
            header.Add(one[0]);
        }

        var host = Encoding.ASCII.GetString([.. header]).Split(' ')[1].Split(':')[0];
        using var server = new TcpClient();
        await server.ConnectAsync(_target(host), cancellationToken);
        await near.WriteAsync(Encoding.ASCII.GetBytes("HTTP/1.1 200 OK\r\n\r\n"), cancellationToken);
        var far = server.GetStream();
        await Task.WhenAny(near.CopyToAsync(far, cancellationToken), far.CopyToAsync(near, cancellationToken));
    }
}
