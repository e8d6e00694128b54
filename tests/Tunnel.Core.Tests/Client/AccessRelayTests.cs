using System.IO.Pipes;
using System.Net.WebSockets;
using System.Security.Cryptography;
using Microsoft.AspNetCore.Connections.Features;
using Microsoft.AspNetCore.Http.Features;
using Tunnel.Core.Client;

namespace Tunnel.Core.Tests.Client;

public sealed class AccessRelayTests
{
    private static CancellationToken Cancellation => TestContext.Current.CancellationToken;

    [Theory, InlineData(false), InlineData(true)]
    public async Task All_of_the_input_arrives_before_its_end_and_the_answer_after_it_comes_back(bool blocking)
    {
        byte[]? hash = null;
        var answer = RandomNumberGenerator.GetBytes(2 << 20);
        await using var server = await AccessServer.StartWebSocketAsync(async (socket, cancellation) =>
        {
            using var sum = IncrementalHash.CreateHash(HashAlgorithmName.SHA256);
            var buffer = new byte[65_536];
            while (await socket.ReceiveAsync(buffer.AsMemory(), cancellation) is { MessageType: not WebSocketMessageType.Close } part)
            {
                sum.AppendData(buffer, 0, part.Count);
            }

            hash = sum.GetHashAndReset();
            await socket.SendAsync(answer, WebSocketMessageType.Binary, true, cancellation);
            await socket.CloseOutputAsync(WebSocketCloseStatus.NormalClosure, null, cancellation);
        });
        await using var stream = await server.ConnectAsync(blocking);
        var sent = RandomNumberGenerator.GetBytes((5 << 20) + 1);
        using var input = new MemoryStream(sent);
        using var output = new MemoryStream();

        Assert.Equal(RelayEnding.FarEnd, await RunAsync(stream, input, output, blocking));

        Assert.Equal(SHA256.HashData(sent), hash);
        Assert.Equal(SHA256.HashData(answer), SHA256.HashData(output.ToArray()));
    }

    [Theory]
    [InlineData(false, true), InlineData(true, true)]
    [InlineData(false, false), InlineData(true, false)]
    public async Task When_the_far_end_closes_first_all_of_it_is_written_and_the_input_is_not_waited_for(bool blocking, bool withClose)
    {
        var sent = RandomNumberGenerator.GetBytes(3 << 20);
        await using var server = await AccessServer.StartRawAsync(async (raw, context) =>
        {
            await raw.WriteAsync(RawFrames.Frame(0x82, sent), context.RequestAborted);
            if (withClose)
            {
                await raw.WriteAsync(RawFrames.Frame(0x88, [3, 232]), context.RequestAborted);
                await raw.CopyToAsync(Stream.Null, context.RequestAborted);
            }
        });
        await using var stream = await server.ConnectAsync(blocking);
        await using var writer = new AnonymousPipeServerStream(PipeDirection.Out);
        await using var input = new AnonymousPipeClientStream(PipeDirection.In, writer.ClientSafePipeHandle);
        using var output = new MemoryStream();

        Assert.Equal(RelayEnding.FarEnd, await RunAsync(stream, input, output, blocking));

        Assert.Equal(SHA256.HashData(sent), SHA256.HashData(output.ToArray()));
    }

    [Theory, InlineData(false), InlineData(true)]
    public async Task A_slow_reader_gets_everything_and_holds_up_the_far_end(bool blocking)
    {
        const int size = 32 << 20;
        var sent = 0;
        await using var server = await AccessServer.StartWebSocketAsync(async (socket, cancellation) =>
        {
            var part = new byte[1 << 20];
            for (var i = 0; i < size; i += part.Length)
            {
                await socket.SendAsync(part, WebSocketMessageType.Binary, true, cancellation);
                Interlocked.Add(ref sent, part.Length);
            }

            await socket.CloseOutputAsync(WebSocketCloseStatus.NormalClosure, null, cancellation);
        });
        await using var stream = await server.ConnectAsync(blocking);
        await using var output = new AnonymousPipeServerStream(PipeDirection.Out);
        await using var reader = new AnonymousPipeClientStream(PipeDirection.In, output.ClientSafePipeHandle);
        await using var writer = new AnonymousPipeServerStream(PipeDirection.Out);
        await using var input = new AnonymousPipeClientStream(PipeDirection.In, writer.ClientSafePipeHandle);
        var running = RunAsync(stream, input, output, blocking);

        // One byte has come through the pipe: the relay is at work, and nobody reads on.
        await reader.ReadExactlyAsync(new byte[1], Cancellation);
        Assert.True(Volatile.Read(ref sent) < size);
        var rest = 1;
        var buffer = new byte[1 << 20];
        while (rest < size)
        {
            rest += await reader.ReadAsync(buffer, Cancellation);
        }

        Assert.Equal(RelayEnding.FarEnd, await running);
        Assert.Equal(size, rest);
    }

    [Theory, InlineData(false), InlineData(true)]
    public async Task A_far_end_that_stays_silent_after_our_end_is_left(bool blocking)
    {
        await using var server = await AccessServer.StartRawAsync(
            (raw, context) => raw.CopyToAsync(Stream.Null, context.RequestAborted));
        await using var stream = await server.ConnectAsync(blocking);

        var ending = await AccessServer.Run(
            () => AccessRelay.RunAsync(
                stream, new MemoryStream([1, 2, 3]), Stream.Null,
                new AccessRelayOptions { CloseTimeout = TimeSpan.FromMilliseconds(100) }, Cancellation),
            blocking);

        Assert.Equal(RelayEnding.TimedOut, ending);
    }

    [Theory, InlineData(false), InlineData(true)]
    public async Task When_nobody_reads_the_output_the_relay_ends(bool blocking)
    {
        await using var server = await AccessServer.StartRawAsync(async (raw, context) =>
        {
            await raw.WriteAsync(RawFrames.Frame(0x82, new byte[1000]), context.RequestAborted);
            await raw.CopyToAsync(Stream.Null, context.RequestAborted);
        });
        await using var stream = await server.ConnectAsync(blocking);
        await using var output = new AnonymousPipeServerStream(PipeDirection.Out);
        output.DisposeLocalCopyOfClientHandle();
        await using var writer = new AnonymousPipeServerStream(PipeDirection.Out);
        await using var input = new AnonymousPipeClientStream(PipeDirection.In, writer.ClientSafePipeHandle);

        Assert.Equal(RelayEnding.OutputGone, await RunAsync(stream, input, output, blocking));
    }

    [Theory, InlineData(false), InlineData(true)]
    public async Task A_connection_that_breaks_is_an_error_after_what_had_arrived(bool blocking)
    {
        await using var server = await AccessServer.StartRawAsync(async (raw, context) =>
        {
            await raw.WriteAsync(RawFrames.Frame(0x82, "some"u8), context.RequestAborted);
            await RawFrames.ReadSmallAsync(raw, context.RequestAborted);
            context.Features.GetRequiredFeature<IConnectionSocketFeature>().Socket.Close(0);
        });
        await using var stream = await server.ConnectAsync(blocking);
        await using var writer = new AnonymousPipeServerStream(PipeDirection.Out);
        await using var input = new AnonymousPipeClientStream(PipeDirection.In, writer.ClientSafePipeHandle);
        await using var output = new AnonymousPipeServerStream(PipeDirection.Out);
        await using var reader = new AnonymousPipeClientStream(PipeDirection.In, output.ClientSafePipeHandle);
        var running = RunAsync(stream, input, output, blocking);
        var some = new byte[4];
        await reader.ReadExactlyAsync(some, Cancellation);

        await writer.WriteAsync("x"u8.ToArray(), Cancellation);

        await Assert.ThrowsAnyAsync<IOException>(() => running);
        Assert.Equal("some"u8, some);
    }

    [Theory, InlineData(false), InlineData(true)]
    public async Task Cancelling_ends_it_whatever_the_input_does(bool blocking)
    {
        var accepted = new TaskCompletionSource();
        await using var server = await AccessServer.StartRawAsync((raw, context) =>
        {
            accepted.SetResult();
            return raw.CopyToAsync(Stream.Null, context.RequestAborted);
        });
        await using var stream = await server.ConnectAsync(blocking);
        await using var writer = new AnonymousPipeServerStream(PipeDirection.Out);
        await using var input = new AnonymousPipeClientStream(PipeDirection.In, writer.ClientSafePipeHandle);
        using var cancel = new CancellationTokenSource();
        var running = AccessServer.Run(() => AccessRelay.RunAsync(stream, input, Stream.Null, cancel.Token), blocking);
        await accepted.Task.WaitAsync(Cancellation);

        await cancel.CancelAsync();

        await Assert.ThrowsAnyAsync<OperationCanceledException>(() => running);
    }

    private static Task<RelayEnding> RunAsync(AccessStream stream, Stream input, Stream output, bool blocking) =>
        AccessServer.Run(() => AccessRelay.RunAsync(stream, input, output, Cancellation), blocking);
}
