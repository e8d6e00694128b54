using System.Net;
using System.Net.Sockets;
using Tunnel.Protocol.Configuration;

namespace Tunnel.Core.Connector;

/// <summary>A connection to the local service, for instance <c>sshd</c>.</summary>
internal sealed class TcpOrigin(Socket socket) : IDisposable
{
    /// <exception cref="TcpOriginException">Nothing accepts connections there.</exception>
    public static async Task<TcpOrigin> ConnectAsync(IngressRule rule, CancellationToken cancellationToken)
    {
        var service = rule.Service;
        using var limit = CancellationTokenSource.CreateLinkedTokenSource(cancellationToken);
        if (rule.OriginRequest.ConnectTimeout > TimeSpan.Zero)
        {
            limit.CancelAfter(rule.OriginRequest.ConnectTimeout);
        }

        var socket = new Socket(SocketType.Stream, ProtocolType.Tcp) { NoDelay = true };
        try
        {
            KeepAlive(socket, rule.OriginRequest.TcpKeepAlive);
            await socket.ConnectAsync(new DnsEndPoint(service.Host, service.Port), limit.Token).ConfigureAwait(false);
            return new TcpOrigin(socket);
        }
        catch (Exception error) when (error is SocketException or OperationCanceledException)
        {
            socket.Dispose();
            cancellationToken.ThrowIfCancellationRequested();
            var reason = error is SocketException ? error.Message : "no answer in time";
            throw new TcpOriginException($"The service {service} does not accept connections: {reason}. Is it running?", error);
        }
    }

    /// <param name="interval">Zero: the system's own; negative: off.</param>
    private static void KeepAlive(Socket socket, TimeSpan interval)
    {
        socket.SetSocketOption(SocketOptionLevel.Socket, SocketOptionName.KeepAlive, interval >= TimeSpan.Zero);
        if (interval > TimeSpan.Zero)
        {
            socket.SetSocketOption(SocketOptionLevel.Tcp, SocketOptionName.TcpKeepAliveTime,
                Math.Max(1, (int)interval.TotalSeconds));
        }
    }

    /// <summary>Waits until there is something to read, without holding a buffer.</summary>
    public async ValueTask WaitToReadAsync(CancellationToken cancellationToken) =>
        await socket.ReceiveAsync(Memory<byte>.Empty, SocketFlags.None, cancellationToken).ConfigureAwait(false);

    /// <returns>The number of bytes; 0 when the service has sent its last.</returns>
    public ValueTask<int> ReadAsync(Memory<byte> buffer, CancellationToken cancellationToken) =>
        socket.ReceiveAsync(buffer, SocketFlags.None, cancellationToken);

    public async ValueTask WriteAsync(ReadOnlyMemory<byte> bytes, CancellationToken cancellationToken)
    {
        while (bytes.Length > 0)
        {
            bytes = bytes[await socket.SendAsync(bytes, SocketFlags.None, cancellationToken).ConfigureAwait(false)..];
        }
    }

    /// <summary>Tells the service that the visitor has sent everything; reading goes on.</summary>
    public void CompleteWrites() => socket.Shutdown(SocketShutdown.Send);

    public void Dispose() => socket.Dispose();
}
