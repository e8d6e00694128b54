using System.Net;
using System.Net.Sockets;
using System.Security.Authentication;

namespace Tunnel.Testing;

/// <summary>Listens on loopback and does with each connection what the test says, until its end; then it waits for those that are open.</summary>
/// <remarks>A peer that leaves, or does not trust it, is no error; anything else that goes wrong with a connection is thrown at the end.</remarks>
public sealed class LoopbackServer : IAsyncDisposable
{
    private readonly Socket _listener = new(AddressFamily.InterNetwork, SocketType.Stream, ProtocolType.Tcp);
    private readonly CancellationTokenSource _stopping = new();
    private readonly Func<Socket, CancellationToken, Task> _serve;
    private readonly Task _accepting;

    /// <param name="serve">Has to end when it is cancelled. The connection is closed behind it.</param>
    public LoopbackServer(Func<Socket, CancellationToken, Task> serve)
    {
        _serve = serve;
        _listener.Bind(new IPEndPoint(IPAddress.Loopback, 0));
        _listener.Listen(512);
        EndPoint = (IPEndPoint)_listener.LocalEndPoint!;
        _accepting = AcceptAsync();
    }

    public IPEndPoint EndPoint { get; }

    public async ValueTask DisposeAsync()
    {
        await _stopping.CancelAsync();
        _listener.Dispose();
        await _accepting;
        _stopping.Dispose();
    }

    private async Task AcceptAsync()
    {
        var running = new List<Task>();
        try
        {
            while (true)
            {
                running.Add(ServeAsync(await _listener.AcceptAsync(_stopping.Token)));
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
            catch (Exception error) when (error
                is OperationCanceledException or IOException or SocketException or ObjectDisposedException or AuthenticationException)
            {
                // The other side, or the test, has ended.
            }
        }
    }
}
