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
    private readonly TcpListener _listener = new(IPAddress.Loopback, 0);
    private readonly CancellationTokenSource _stop = new();
    private readonly Func<string, IPEndPoint> _target;
    private readonly Task _accepting;

    public ConnectProxy(IPEndPoint target)
        : this(_ => target)
    {
    }

    /// <param name="target">Where a host, without its port, is.</param>
    public ConnectProxy(Func<string, IPEndPoint> target)
    {
        _target = target;
        _listener.Start();
        _accepting = AcceptAsync();
    }

    public Uri Address => new($"http://{_listener.LocalEndpoint}");

    public async ValueTask DisposeAsync()
    {
        await _stop.CancelAsync();
        _listener.Dispose();
        await _accepting;
        _stop.Dispose();
    }

    private async Task AcceptAsync()
    {
        var serving = new List<Task>();
        try
        {
            while (true)
            {
                serving.Add(ServeAsync(await _listener.AcceptTcpClientAsync(_stop.Token)));
            }
        }
        catch (Exception e) when (e is OperationCanceledException or SocketException)
        {
            await Task.WhenAll(serving);
        }
    }

    private async Task ServeAsync(TcpClient client)
    {
        using (client)
        using (var server = new TcpClient())
        {
            try
            {
                var near = client.GetStream();
                var header = new List<byte>();
                var one = new byte[1];
                while (header is not [.., 13, 10, 13, 10])
                {
                    await near.ReadExactlyAsync(one, _stop.Token);
                    header.Add(one[0]);
                }

                var host = Encoding.ASCII.GetString([.. header]).Split(' ')[1].Split(':')[0];
                await server.ConnectAsync(_target(host), _stop.Token);
                await near.WriteAsync(Encoding.ASCII.GetBytes("HTTP/1.1 200 OK\r\n\r\n"), _stop.Token);
                var far = server.GetStream();
                await Task.WhenAny(near.CopyToAsync(far, _stop.Token), far.CopyToAsync(near, _stop.Token));
            }
            catch (Exception e) when (e is OperationCanceledException or IOException or SocketException)
            {
                // One of the two has left.
            }
        }
    }
}
