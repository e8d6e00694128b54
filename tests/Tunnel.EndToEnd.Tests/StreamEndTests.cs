using System.Net.Security;
using System.Net.Sockets;
using System.Net.WebSockets;
using System.Security.Cryptography;
using System.Text;
using Tunnel.Core.Client;
using Tunnel.Testing;

namespace Tunnel.EndToEnd.Tests;

/// <summary>What was sent before one side ended, or vanished, arrives, and the other side is told.</summary>
public sealed class StreamEndTests : IAsyncLifetime
{
    private const string Hostname = "tcp.example.test";
    private const int MiB = 1024 * 1024;

    private EdgeLab _lab = null!;

    public async ValueTask InitializeAsync() => _lab = await EdgeLab.StartAsync();

    public ValueTask DisposeAsync() => _lab.DisposeAsync();

    [Fact]
    public async Task What_a_service_sent_before_it_ended_arrives()
    {
        var data = RandomNumberGenerator.GetBytes(5 * MiB);
        await using var origin = new OriginListener(async (socket, cancellationToken) =>
        {
            await SendAsync(socket, data, cancellationToken);
            socket.Shutdown(SocketShutdown.Send);
            await socket.ReceiveAsync(new byte[1], cancellationToken);
        });
        await _lab.PublishAsync(Hostname, origin.Url, connections: 1);

        await using var stream = await _lab.VisitAsync(Hostname);

        Assert.Equal(data, await ReadToEndAsync(stream));
    }

    [Fact]
    public async Task What_a_visitor_sent_before_it_ended_arrives_and_the_answer_still_comes()
    {
        await using var origin = new OriginListener(async (socket, cancellationToken) =>
        {
            using var hash = SHA256.Create();
            await using var stream = new NetworkStream(socket);
            var answer = await hash.ComputeHashAsync(stream, cancellationToken);
            await SendAsync(socket, answer, cancellationToken);
        });
        await _lab.PublishAsync(Hostname, origin.Url, connections: 1);
        var data = RandomNumberGenerator.GetBytes(5 * MiB);

        await using var stream = await _lab.VisitAsync(Hostname);
        await stream.WriteAsync(data);
        await stream.CompleteWritesAsync();

        Assert.Equal(SHA256.HashData(data), await ReadToEndAsync(stream));
    }

    [Fact]
    public async Task When_a_visitor_vanishes_the_service_is_told()
    {
        var ended = new TaskCompletionSource(TaskCreationOptions.RunContinuationsAsynchronously);
        await using var origin = new OriginListener(async (socket, cancellationToken) =>
        {
            var buffer = new byte[16];
            while (await socket.ReceiveAsync(buffer, cancellationToken) > 0)
            {
                await socket.SendAsync(buffer.AsMemory(0, 1), cancellationToken);
            }

            ended.SetResult();
        });
        await _lab.PublishAsync(Hostname, origin.Url, connections: 1);

        var stream = await _lab.VisitAsync(Hostname);
        await stream.WriteAsync(new byte[1]);
        await stream.ReadExactlyAsync(new byte[1]);
        stream.Abort();

        await ended.Task.WaitAsync(Eventually.Limit);
    }

    [Fact]
    public async Task When_a_service_breaks_off_the_visitor_is_told_at_once_and_not_that_all_was_well()
    {
        await using var origin = new OriginListener(async (socket, cancellationToken) =>
        {
            await socket.ReceiveAsync(new byte[1], cancellationToken);
            socket.Close(0);
        });
        await _lab.PublishAsync(Hostname, origin.Url, connections: 1);

        await using var stream = await _lab.VisitAsync(Hostname);
        await stream.WriteAsync(new byte[1]);

        Assert.Empty(await ReadToEndAsync(stream));
        Assert.Equal(1011, stream.CloseCode);
    }

    [Fact]
    public async Task What_a_visitor_sent_before_its_connection_ended_arrives_without_a_Close()
    {
        var received = new TaskCompletionSource<byte[]>(TaskCreationOptions.RunContinuationsAsynchronously);
        var mayRead = new TaskCompletionSource(TaskCreationOptions.RunContinuationsAsynchronously);
        await using var origin = new OriginListener(async (socket, cancellationToken) =>
        {
            await mayRead.Task;
            using var all = new MemoryStream();
            await using var stream = new NetworkStream(socket);
            await stream.CopyToAsync(all, cancellationToken);
            received.SetResult(all.ToArray());
        });
        await _lab.PublishAsync(Hostname, origin.Url, connections: 1);
        var data = RandomNumberGenerator.GetBytes(2 * MiB);
        using (var client = new TcpClient())
        {
            await client.ConnectAsync(_lab.Edge.PublicEndPoint);
            await using var tls = new SslStream(client.GetStream());
            await tls.AuthenticateAsClientAsync(_lab.Trusting(Hostname));
            await tls.WriteAsync(Encoding.ASCII.GetBytes(
                $"GET / HTTP/1.1\r\nHost: {Hostname}\r\nConnection: Upgrade\r\nUpgrade: websocket\r\n" +
                "Sec-WebSocket-Version: 13\r\nSec-WebSocket-Key: dGhlIHNhbXBsZSBub25jZQ==\r\n\r\n"));
            Assert.True(await tls.ReadAsync(new byte[4096]) > 0);
            // The platform's WebSocket frames the message; then the connection ends without a Close frame.
            var socket = WebSocket.CreateFromStream(tls, new WebSocketCreationOptions { KeepAliveInterval = TimeSpan.Zero });
            await socket.SendAsync(data, WebSocketMessageType.Binary, true, default);
            client.Client.Shutdown(SocketShutdown.Send);
            mayRead.SetResult();
            Assert.Equal(data, await received.Task.WaitAsync(Eventually.Limit));
        }
    }

    private static async Task<byte[]> ReadToEndAsync(AccessStream stream)
    {
        using var all = new MemoryStream();
        await stream.CopyToAsync(all);
        return all.ToArray();
    }

    private static async Task SendAsync(Socket socket, ReadOnlyMemory<byte> data, CancellationToken cancellationToken)
    {
        while (data.Length > 0)
        {
            data = data[await socket.SendAsync(data, cancellationToken)..];
        }
    }
}
