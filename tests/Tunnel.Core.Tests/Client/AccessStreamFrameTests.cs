using CsCheck;
using Tunnel.Core.Client;

namespace Tunnel.Core.Tests.Client;

public sealed class AccessStreamFrameTests
{
    private static CancellationToken Cancellation => TestContext.Current.CancellationToken;

    [Theory, InlineData(1), InlineData(7), InlineData(4096), InlineData(200_000)]
    public async Task Frames_of_any_size_make_one_stream_of_bytes(int bufferSize)
    {
        var frames = new List<byte>();
        var expected = new List<byte>();
        var random = new Random(bufferSize);
        foreach (var size in (int[])[0, 1, 125, 126, 127, 65_535, 65_536, 150_000, 3])
        {
            var payload = new byte[size];
            random.NextBytes(payload);
            expected.AddRange(payload);

            // One message in three fragments, of which one is empty, with a ping and a pong in between.
            frames.AddRange(RawFrames.Frame(0x02, payload.AsSpan(0, size / 3)));
            frames.AddRange(RawFrames.Frame(0x89, "ping"u8));
            frames.AddRange(RawFrames.Frame(0x00, []));
            frames.AddRange(RawFrames.Frame(0x8A, []));
            frames.AddRange(RawFrames.Frame(0x80, payload.AsSpan(size / 3)));

            // And text, which is data too.
            frames.AddRange(RawFrames.Frame(0x81, payload));
            expected.AddRange(payload);
        }

        await using var server = await AccessServer.StartRawAsync(async (stream, context) =>
        {
            for (var at = 0; at < frames.Count;)
            {
                var length = Math.Min(random.Next(1, 50_000), frames.Count - at);
                await stream.WriteAsync(frames.GetRange(at, length).ToArray(), context.RequestAborted);
                at += length;
            }

            await stream.WriteAsync(RawFrames.Frame(0x88, [3, 232]), context.RequestAborted);
            await stream.CopyToAsync(Stream.Null, context.RequestAborted);
        });
        await using var stream = await server.ConnectAsync();

        Assert.Equal(expected.ToArray(), await ReadAsync(stream, int.MaxValue, bufferSize));
        Assert.Equal(1000, stream.CloseCode);
    }

    [Fact]
    public async Task Frames_cut_anywhere_read_the_same()
    {
        byte[] frames =
        [
            .. RawFrames.Frame(0x02, "abc"u8), .. RawFrames.Frame(0x89, "p"u8), .. RawFrames.Frame(0x80, new byte[300]),
            .. RawFrames.Frame(0x82, "xyz"u8), .. RawFrames.Frame(0x88, []),
        ];
        await using var server = await AccessServer.StartRawAsync(async (stream, context) =>
        {
            var cut = int.Parse(context.Request.Headers["X-Cut"]!, System.Globalization.CultureInfo.InvariantCulture);
            await stream.WriteAsync(frames.AsMemory(0, cut), context.RequestAborted);
            await stream.WriteAsync(frames.AsMemory(cut), context.RequestAborted);
            await stream.CopyToAsync(Stream.Null, context.RequestAborted);
        });
        var o = server.Options();
        await Gen.Int[0, frames.Length].SampleAsync(
            async cut =>
            {
                await using var stream = await AccessStream.ConnectAsync(
                    new AccessClientOptions
                    {
                        Address = o.Address,
                        ConnectTo = o.ConnectTo,
                        CertificateAuthorities = o.CertificateAuthorities,
                        Headers = [new("X-Cut", cut.ToString(System.Globalization.CultureInfo.InvariantCulture))],
                    },
                    Cancellation);
                var read = await ReadAsync(stream, int.MaxValue);
                Assert.Equal([.. "abc"u8, .. new byte[300], .. "xyz"u8], read);
                Assert.Equal(1005, stream.CloseCode);
            },
            iter: 40, threads: 1);
    }

    [Theory, InlineData(false), InlineData(true)]
    public async Task A_ping_is_answered_with_its_own_bytes(bool blocking)
    {
        var pong = new TaskCompletionSource<(byte, byte[])>();
        await using var server = await AccessServer.StartRawAsync(async (stream, context) =>
        {
            await stream.WriteAsync(RawFrames.Frame(0x89, "are you there"u8), context.RequestAborted);
            pong.SetResult(await RawFrames.ReadSmallAsync(stream, context.RequestAborted));
        });
        await using var stream = await server.ConnectAsync(blocking);

        var end = AccessServer.Run(() => stream.ReadAsync(new byte[16], Cancellation).AsTask(), blocking);

        var (opcode, payload) = await pong.Task.WaitAsync(Cancellation);
        Assert.Equal(0xA, opcode);
        Assert.Equal("are you there"u8, payload);
        Assert.Equal(0, await end);
    }

    [Theory, InlineData(false), InlineData(true)]
    public async Task An_end_without_a_Close_frame_is_an_end(bool blocking)
    {
        await using var server = await AccessServer.StartRawAsync((stream, context) =>
            stream.WriteAsync(RawFrames.Frame(0x82, "last words"u8), context.RequestAborted).AsTask());
        await using var stream = await server.ConnectAsync(blocking);

        Assert.Equal("last words"u8.ToArray(), await AccessServer.Run(() => ReadAsync(stream, int.MaxValue), blocking));
        Assert.Null(stream.CloseCode);
    }

    [Fact]
    public async Task An_end_inside_a_message_is_an_error()
    {
        await using var server = await AccessServer.StartRawAsync((stream, context) =>
            stream.WriteAsync(new byte[] { 0x82, 100, 1, 2, 3 }, context.RequestAborted).AsTask());
        await using var stream = await server.ConnectAsync();

        Assert.Equal(3, await stream.ReadAtLeastAsync(new byte[10], 3, true, Cancellation));
        await Assert.ThrowsAnyAsync<IOException>(() => ReadAsync(stream, 1));
    }

    [Theory]
    [InlineData("masked", new byte[] { 0x82, 0x81, 0, 0, 0, 0, 1 })]
    [InlineData("extension", new byte[] { 0xC2, 1, 1 })]
    [InlineData("not defined", new byte[] { 0x83, 1, 1 })]
    [InlineData("not defined", new byte[] { 0x8B, 1, 1 })]
    [InlineData("control frame", new byte[] { 0x09, 0 })]
    [InlineData("control frame", new byte[] { 0x89, 126, 0, 126 })]
    [InlineData("continues no message", new byte[] { 0x80, 1, 1 })]
    [InlineData("inside another", new byte[] { 0x02, 1, 1, 0x82, 1, 1 })]
    [InlineData("highest bit", new byte[] { 0x82, 127, 0x80, 0, 0, 0, 0, 0, 0, 0 })]
    public async Task Bytes_that_are_no_WebSocket_are_refused(string says, byte[] bytes)
    {
        await using var server = await AccessServer.StartRawAsync(async (stream, context) =>
        {
            await stream.WriteAsync(bytes, context.RequestAborted);
            await stream.CopyToAsync(Stream.Null, context.RequestAborted);
        });
        await using var stream = await server.ConnectAsync();

        var error = await Assert.ThrowsAsync<IOException>(() => ReadAsync(stream, int.MaxValue));
        Assert.Contains(says, error.Message, StringComparison.Ordinal);
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
}
