using System.Net;
using System.Net.Sockets;

namespace Tunnel.Testing;

/// <summary>A TCP service in sshd's place: does with each connection what the test says, and counts them.</summary>
public sealed class OriginListener : IAsyncDisposable
{
    private readonly TcpListener _listener = new(IPAddress.Loopback, 0);
    private readonly CancellationTokenSource _stopping = new();
    private readonly Task _accepting;
    private readonly Func<Socket, CancellationToken, Task> _serve;
    private int _connections;

    /// <param name="serve">Null: echo.</param>
    public OriginListener(Func<Socket, CancellationToken, Task>? serve = null)
    {
        _serve = serve ?? EchoAsync;
        _listener.Start(512);
        _accepting = AcceptAsync();
    }

    public int Port => ((IPEndPoint)_listener.LocalEndpoint).Port;

    public string Url => $"tcp://127.0.0.1:{Port}";

    /// <summary>How many connections were ever made to it.</summary>
    public int Connections => Volatile.Read(ref _connections);

    public async ValueTask DisposeAsync()
    {
        await _stopping.CancelAsync();
        _listener.Dispose();
        await _accepting;
        _stopping.Dispose();
    }

    private static async Task EchoAsync(Socket socket, CancellationToken cancellationToken)
    {
        var buffer = new byte[64 * 1024];
        int read;
        while ((read = await socket.ReceiveAsync(buffer, cancellationToken)) > 0)
        {
            for (var sent = 0; sent < read;)
            {
                sent += await socket.SendAsync(buffer.AsMemory(sent, read - sent), cancellationToken);
            }
        }

        socket.Shutdown(SocketShutdown.Send);
    }

    private async Task AcceptAsync()
    {
        var running = new List<Task>();
        try
        {
            while (true)
            {
                var socket = await _listener.AcceptSocketAsync(_stopping.Token);
                Interlocked.Increment(ref _connections);
                running.Add(ServeAsync(socket));
            }
        }
        catch (Exception error) when (error is OperationCanceledException or SocketException or ObjectDisposedException)
        {
            await Task.WhenAll(running);
        }
    }

    private async Task ServeAsync(Socket socket)
    {
        using (socket)
        {
            try
            {
                socket.NoDelay = true;
                await _serve(socket, _stopping.Token);
            }
            catch (Exception error) when (error is OperationCanceledException or SocketException)
            {
                // The other side, or the test, has ended.
            }
        }
    }
}
