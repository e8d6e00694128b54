using System.Collections.Concurrent;
using System.Net.WebSockets;
using System.Security.Cryptography;
using Microsoft.AspNetCore.Connections.Features;
using Microsoft.AspNetCore.Http;
using Microsoft.AspNetCore.Http.Features;
using Tunnel.Core.Client;
using Tunnel.Testing;

namespace Tunnel.Core.Tests.Client;

public sealed class AccessStreamTests
{
    private static CancellationToken Cancellation => TestContext.Current.CancellationToken;

    [Theory, InlineData(false), InlineData(true)]
    public async Task What_the_visitor_shows_stands_in_the_request(bool blocking)
    {
        var headers = new HeaderDictionary();
        await using var server = await AccessServer.StartAsync(async context =>
        {
            foreach (var header in context.Request.Headers)
            {
                headers[header.Key] = header.Value;
            }

            using var socket = await context.WebSockets.AcceptWebSocketAsync();
        });
        var o = server.Options(blocking);
        var options = new AccessClientOptions
        {
            Address = o.Address,
            ConnectTo = o.ConnectTo,
            CertificateAuthorities = o.CertificateAuthorities,
            BlockingIo = blocking,
            ServiceTokenId = "id.access",
            ServiceTokenSecret = "secret",
            AppToken = "a.b.c",
            Destination = "10.0.0.1:22",
            UserAgent = "tunnel-agent/1",
            Headers = [new("X-One", "1"), new("X-Two", "2")],
        };

        await using var stream = await AccessServer.Run(() => AccessStream.ConnectAsync(options, Cancellation), blocking);

        Assert.Equal("ssh.example.test", headers["Host"]);
        Assert.Equal("id.access", headers["Cf-Access-Client-Id"]);
        Assert.Equal("secret", headers["Cf-Access-Client-Secret"]);
        Assert.Equal("a.b.c", headers["Cf-Access-Token"]);
        Assert.Equal("10.0.0.1:22", headers["Cf-Access-Jump-Destination"]);
        Assert.Equal("tunnel-agent/1", headers["User-Agent"]);
        Assert.Equal("1", headers["X-One"]);
        Assert.Equal("2", headers["X-Two"]);
    }

    [Theory, InlineData(false), InlineData(true)]
    public async Task Megabytes_come_back_as_they_were_sent(bool blocking)
    {
        await using var server = await AccessServer.StartWebSocketAsync(EchoAsync);
        await using var stream = await server.ConnectAsync(blocking);
        var sent = RandomNumberGenerator.GetBytes((3 << 20) + 7);

        var sending = AccessServer.Run(
            async () =>
            {
                await stream.WriteAsync(sent, Cancellation);
                return true;
            },
            blocking);
        var received = await AccessServer.Run(() => ReadAsync(stream, sent.Length), blocking);

        await sending;
        Assert.Equal(SHA256.HashData(sent), SHA256.HashData(received));
    }

    [Fact]
    public async Task No_message_is_longer_than_16_KiB_and_all_are_binary()
    {
        var messages = new ConcurrentQueue<(WebSocketMessageType Type, int Length)>();
        await using var server = await AccessServer.StartWebSocketAsync(async (socket, cancellation) =>
        {
            var buffer = new byte[1 << 20];
            while (true)
            {
                var length = 0;
                ValueWebSocketReceiveResult received;
                do
                {
                    received = await socket.ReceiveAsync(buffer.AsMemory(length), cancellation);
                    length += received.Count;
                }
                while (!received.EndOfMessage);
                if (received.MessageType == WebSocketMessageType.Close)
                {
                    await socket.CloseOutputAsync(WebSocketCloseStatus.NormalClosure, null, cancellation);
                    return;
                }

                messages.Enqueue((received.MessageType, length));
            }
        });
        await using var stream = await server.ConnectAsync();

        await stream.WriteAsync(new byte[100_000], Cancellation);
        await stream.CompleteWritesAsync(Cancellation);

        Assert.Equal(0, await stream.ReadAsync(new byte[10], Cancellation));
        Assert.Equal(100_000, messages.Sum(message => message.Length));
        Assert.All(messages, message => Assert.InRange(message.Length, 1, 16 * 1024));
        Assert.All(messages, message => Assert.Equal(WebSocketMessageType.Binary, message.Type));
    }

    [Theory, InlineData(false), InlineData(true)]
    public async Task A_connection_that_is_reset_is_an_error(bool blocking)
    {
        await using var server = await AccessServer.StartRawAsync(async (raw, context) =>
        {
            await RawFrames.ReadSmallAsync(raw, context.RequestAborted);
            context.Features.GetRequiredFeature<IConnectionSocketFeature>().Socket.Close(0);
        });
        await using var stream = await server.ConnectAsync(blocking);
        await stream.WriteAsync(new byte[1], Cancellation);

        await Assert.ThrowsAnyAsync<IOException>(
            () => AccessServer.Run(() => stream.ReadAsync(new byte[10], Cancellation).AsTask(), blocking));
    }

    [Fact]
    public async Task Nothing_can_be_written_after_the_end()
    {
        await using var server = await AccessServer.StartWebSocketAsync(EchoAsync);
        await using var stream = await server.ConnectAsync();
        await stream.CompleteWritesAsync(Cancellation);

        await Assert.ThrowsAsync<InvalidOperationException>(async () => await stream.WriteAsync(new byte[1], Cancellation));
    }

    [Fact]
    public async Task Disposing_says_goodbye()
    {
        var end = new TaskCompletionSource<WebSocketCloseStatus?>();
        await using var server = await AccessServer.StartWebSocketAsync(async (socket, _) =>
        {
            // Not the request's token: the connection ends right after the frame, and would cancel reading it.
            await socket.ReceiveAsync(new byte[10], CancellationToken.None);
            end.SetResult(socket.CloseStatus);
        });

        await (await server.ConnectAsync()).DisposeAsync();

        Assert.Equal(WebSocketCloseStatus.NormalClosure, await end.Task.WaitAsync(Eventually.Limit, Cancellation));
    }

    private static async Task<byte[]> ReadAsync(AccessStream stream, int length, int bufferSize = 65_536)
    {
        using var all = new MemoryStream();
        var buffer = new byte[bufferSize];
        while (all.Length < length)
        {
            var read = await stream.ReadAsync(buffer, Cancellation);
            if (read == 0)
            {
                break;
            }

            all.Write(buffer, 0, read);
        }

        return all.ToArray();
    }

    private static async Task EchoAsync(WebSocket socket, CancellationToken cancellation)
    {
        var buffer = new byte[65_536];
        while (await socket.ReceiveAsync(buffer.AsMemory(), cancellation) is { MessageType: not WebSocketMessageType.Close } part)
        {
            await socket.SendAsync(buffer.AsMemory(0, part.Count), WebSocketMessageType.Binary, part.EndOfMessage, cancellation);
        }
    }
}
