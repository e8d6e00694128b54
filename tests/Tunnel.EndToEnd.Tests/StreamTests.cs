using System.Net;
using System.Net.Security;
using System.Net.Sockets;
using System.Net.WebSockets;
using System.Security.Cryptography;
using System.Text;
using Tunnel.Core.Client;
using Tunnel.Testing;

namespace Tunnel.EndToEnd.Tests;

/// <summary>What a stream keeps of its promises when the sides are slow, or many at once.</summary>
public sealed class StreamTests : IAsyncLifetime
{
    private const string Hostname = "tcp.example.test";
    private const int MiB = 1024 * 1024;

    /// <summary>Windows, pipes and socket buffers of the whole way: far more than that is not bounded.</summary>
    private const int MostInFlight = 48 * MiB;

    private EdgeLab _lab = null!;

    public async ValueTask InitializeAsync() => _lab = await EdgeLab.StartAsync();

    public ValueTask DisposeAsync() => _lab.DisposeAsync();

    [Fact]
    public async Task A_visitor_who_does_not_read_holds_up_its_service_and_nobody_else()
    {
        var written = 0L;
        await using var origin = new OriginListener(async (socket, cancellationToken) =>
        {
            var block = new byte[64 * 1024];
            while (true)
            {
                Interlocked.Add(ref written, await socket.SendAsync(block, cancellationToken));
            }
        });
        await using var echo = new OriginListener();
        await _lab.PublishAsync(Hostname, origin.Url, connections: 1);
        await _lab.PublishAsync("echo.example.test", echo.Url, connections: 1);

        await using var slow = await _lab.VisitAsync(Hostname);
        await StandsStillAsync(() => Interlocked.Read(ref written));

        Assert.InRange(Interlocked.Read(ref written), 1, MostInFlight);
        await using var other = await _lab.VisitAsync("echo.example.test");
        await AssertEchoesAsync(other, MiB);
    }

    [Fact]
    public async Task A_service_that_does_not_read_holds_up_its_visitor_and_nobody_else()
    {
        await using var origin = new OriginListener((_, cancellationToken) => Task.Delay(Timeout.Infinite, cancellationToken));
        await using var echo = new OriginListener();
        await _lab.PublishAsync(Hostname, origin.Url, connections: 1);
        await _lab.PublishAsync("echo.example.test", echo.Url, connections: 1);

        await using var stream = await _lab.VisitAsync(Hostname);
        var written = 0L;
        using var enough = new CancellationTokenSource();
        var writing = Task.Run(async () =>
        {
            var block = new byte[64 * 1024];
            while (true)
            {
                await stream.WriteAsync(block, enough.Token);
                Interlocked.Add(ref written, block.Length);
            }
        });
        await StandsStillAsync(() => Interlocked.Read(ref written));

        Assert.InRange(Interlocked.Read(ref written), 1, MostInFlight);
        await using var other = await _lab.VisitAsync("echo.example.test");
        await AssertEchoesAsync(other, MiB);
        await enough.CancelAsync();
        await Assert.ThrowsAnyAsync<OperationCanceledException>(() => writing);
    }

    [Fact]
    public async Task Streams_at_once_do_not_mix()
    {
        await using var echo = new OriginListener();
        await _lab.PublishAsync(Hostname, echo.Url);

        await Task.WhenAll(Enumerable.Range(0, 40).Select(async _ =>
        {
            await using var stream = await _lab.VisitAsync(Hostname);
            await AssertEchoesAsync(stream, 300_000);
        }));
    }

    [Fact]
    public async Task A_header_value_beyond_ASCII_does_not_cost_the_stream()
    {
        await using var echo = new OriginListener();
        await _lab.PublishAsync(Hostname, echo.Url, connections: 1);
        using var client = new TcpClient();
        await client.ConnectAsync(_lab.Edge.PublicEndPoint);
        await using var tls = new SslStream(client.GetStream());
        await tls.AuthenticateAsClientAsync(_lab.Trusting(Hostname));

        await tls.WriteAsync(Encoding.Latin1.GetBytes(
            $"GET / HTTP/1.1\r\nHost: {Hostname}\r\nX-Name: Zo\u00eb\r\nConnection: Upgrade\r\nUpgrade: websocket\r\n" +
            "Sec-WebSocket-Version: 13\r\nSec-WebSocket-Key: dGhlIHNhbXBsZSBub25jZQ==\r\n\r\n"));

        using var reader = new StreamReader(tls);
        Assert.StartsWith("HTTP/1.1 101", await reader.ReadLineAsync(), StringComparison.Ordinal);
    }

    [Fact]
    public async Task A_WebSocket_over_HTTP_2_is_carried_as_well()
    {
        await using var echo = new OriginListener();
        await _lab.PublishAsync(Hostname, echo.Url, connections: 1);
        using var browser = _lab.Browser();
        using var socket = new ClientWebSocket { Options = { HttpVersion = HttpVersion.Version20, HttpVersionPolicy = HttpVersionPolicy.RequestVersionExact } };

        await socket.ConnectAsync(new Uri($"wss://{Hostname}/"), browser, default);
        await socket.SendAsync("hello"u8.ToArray(), WebSocketMessageType.Binary, true, default);
        var answer = new byte[16];
        var received = await socket.ReceiveAsync(answer, default);

        Assert.Equal("hello"u8, answer.AsSpan(0, received.Count));
        await socket.CloseAsync(WebSocketCloseStatus.NormalClosure, null, default);
        Assert.Equal(WebSocketState.Closed, socket.State);
    }

    [Fact]
    public async Task A_service_that_is_not_there_is_502()
    {
        await _lab.PublishAsync(Hostname, $"ssh://127.0.0.1:{LoopbackPort.Next()}", connections: 1);

        var error = await Assert.ThrowsAsync<AccessConnectException>(() => _lab.VisitAsync(Hostname));
        Assert.Contains("(502)", error.Message, StringComparison.Ordinal);
    }

    [Fact]
    public async Task A_web_browser_at_an_SSH_hostname_is_told_so()
    {
        await using var origin = new OriginListener();
        await _lab.PublishAsync(Hostname, $"ssh://127.0.0.1:{origin.Port}", connections: 1);
        using var browser = _lab.Browser();

        var response = await browser.GetAsync($"https://{Hostname}/");

        Assert.Equal(400, (int)response.StatusCode);
        Assert.Contains("serves ssh, not HTTP", await response.Content.ReadAsStringAsync(), StringComparison.Ordinal);
        Assert.Equal(0, origin.Connections);
    }

    private static async Task AssertEchoesAsync(AccessStream stream, int length)
    {
        var data = RandomNumberGenerator.GetBytes(length);
        var writing = stream.WriteAsync(data).AsTask();
        var answer = new byte[length];
        await stream.ReadExactlyAsync(answer);
        await writing;
        Assert.Equal(data, answer);
    }

    /// <summary>Waits until a count has begun and then no longer grows.</summary>
    private static async Task StandsStillAsync(Func<long> count)
    {
        var (last, since) = (0L, DateTime.UtcNow);
        await Eventually.True(
            () =>
            {
                if (count() is var now && now != last)
                {
                    (last, since) = (now, DateTime.UtcNow);
                }

                return last > 0 && DateTime.UtcNow - since > TimeSpan.FromSeconds(1);
            },
            "the sender is held up");
    }
}
