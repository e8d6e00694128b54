using System.Collections.Concurrent;
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
    private readonly ConcurrentDictionary<int, TaskCompletionSource> _marks = new();
    private readonly Func<Socket, CancellationToken, Task> _serve;
    private readonly Task _accepting;
    private int _connections;

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

    /// <summary>How many connections were ever made to it, with those that it has not been told of yet.</summary>
    /// <remarks>
    /// A peer is connected, and may have said so to the test, before the connection is accepted here. They are accepted in
    /// their order, so one more is made, which does not count: when it has come, all before it have.
    /// </remarks>
    public int Connections
    {
        get
        {
            if (!_stopping.IsCancellationRequested)
            {
                using var mark = new Socket(AddressFamily.InterNetwork, SocketType.Stream, ProtocolType.Tcp);
                mark.Bind(new IPEndPoint(IPAddress.Loopback, 0));
                var accepted = _marks.GetOrAdd(PortOf(mark.LocalEndPoint), new TaskCompletionSource(TaskCreationOptions.RunContinuationsAsynchronously));
                mark.Connect(EndPoint);
                Assert.True(accepted.Task.Wait(Eventually.Limit), "Connections are accepted.");
            }

            return Volatile.Read(ref _connections);
        }
    }

    public async ValueTask DisposeAsync()
    {
        await _stopping.CancelAsync();
        _listener.Dispose();
        await _accepting;
        _stopping.Dispose();
    }

    private static int PortOf(EndPoint? point) => ((IPEndPoint)point!).Port;

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
                if (_marks.TryRemove(PortOf(socket.RemoteEndPoint), out var mark))
                {
                    mark.SetResult();
                    return;
                }

                Interlocked.Increment(ref _connections);
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
