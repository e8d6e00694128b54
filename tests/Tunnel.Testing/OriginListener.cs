using System.Net.Sockets;

namespace Tunnel.Testing;

/// <summary>A TCP service in sshd's place: does with each connection what the test says, and counts them.</summary>
public sealed class OriginListener : IAsyncDisposable
{
    private readonly LoopbackServer _server;

    /// <param name="serve">Null: echo.</param>
    public OriginListener(Func<Socket, CancellationToken, Task>? serve = null) => _server = new LoopbackServer(serve ?? EchoAsync);

    public int Port => _server.EndPoint.Port;

    public string Url => $"tcp://127.0.0.1:{Port}";

    /// <summary>How many connections were ever made to it, accepted or not yet.</summary>
    public int Connections => _server.Connections;

    public ValueTask DisposeAsync() => _server.DisposeAsync();

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
}
