using System.IO.Pipelines;
using Tunnel.Protocol.CapnProto;

namespace Tunnel.Protocol.Tests.CapnProto;

public sealed class MessageStreamTests
{
    private static CancellationToken Token => TestContext.Current.CancellationToken;

    [Theory]
    [InlineData(1)]
    [InlineData(3)]
    [InlineData(8)]
    [InlineData(5000)]
    public async Task Messages_are_read_one_by_one_however_they_arrive(int piece)
    {
        var pipe = new Pipe();
        byte[] bytes = [.. Shapes.Build(null), .. Shapes.Build(7), .. Shapes.Build(null)];
        var limits = new ReaderLimits { MaxSegments = 512 };
        var reading = Task.Run(
            async () =>
            {
                for (var i = 0; i < 3; i++)
                {
                    Shapes.AssertEqual((await MessageStream.ReadAsync(pipe.Reader, limits, Token))!.Root);
                }

                Assert.Null(await MessageStream.ReadAsync(pipe.Reader, limits, Token));
            },
            Token);

        foreach (var chunk in bytes.Chunk(piece))
        {
            await pipe.Writer.WriteAsync(chunk, Token);
        }

        await pipe.Writer.CompleteAsync();
        await reading;
    }

    [Fact]
    public async Task A_message_larger_than_the_pipe_s_threshold_is_read()
    {
        var pipe = new Pipe(new PipeOptions(pauseWriterThreshold: 1024, resumeWriterThreshold: 512));
        var message = new MessageBuilder();
        message.RootPointer.SetData(new byte[500_000]);
        var writing = pipe.Writer.WriteAsync(message.ToArray(), Token);

        var read = await MessageStream.ReadAsync(pipe.Reader, ReaderLimits.Default, Token);

        Assert.Equal(500_000, read!.RootPointer.GetData().Length);
        await writing;
    }

    [Fact]
    public async Task A_stream_that_ends_within_a_message_is_refused()
    {
        var whole = Shapes.Build(9);
        for (var length = 1; length < whole.Length; length += 5)
        {
            var input = PipeReader.Create(new MemoryStream(whole, 0, length));

            await Assert.ThrowsAsync<CapnProtoException>(
                () => MessageStream.ReadAsync(input, new ReaderLimits { MaxSegments = 512 }, Token).AsTask());
        }
    }

    [Theory]
    [InlineData("ffffffff00000000")] // 2^32 segments
    [InlineData("4000000000000000")] // 65 segments
    [InlineData("00000000ffffffff")] // 32 GiB
    [InlineData("0000000001000200")] // 1 MiB and a word
    [InlineData("01000000010001000000010000000000")] // the same in two segments
    public async Task A_message_beyond_the_limits_is_refused_before_it_arrives(string table)
    {
        var pipe = new Pipe();
        await pipe.Writer.WriteAsync(Convert.FromHexString(table), Token);

        await Assert.ThrowsAsync<CapnProtoException>(
            () => MessageStream.ReadAsync(pipe.Reader, ReaderLimits.Default, Token).AsTask());
    }

    [Fact]
    public async Task A_message_that_is_announced_takes_no_memory_before_it_arrives()
    {
        // Inline: what the reader allocates is then counted for this thread.
        var pipe = new Pipe(new PipeOptions(readerScheduler: PipeScheduler.Inline, useSynchronizationContext: false));
        var before = GC.GetAllocatedBytesForCurrentThread();
        var reading = MessageStream.ReadAsync(pipe.Reader, ReaderLimits.Default, Token);
        await pipe.Writer.WriteAsync(Convert.FromHexString("0000000000000200"), Token); // 1 MiB
        var allocated = GC.GetAllocatedBytesForCurrentThread() - before;

        Assert.False(reading.IsCompleted);
        Assert.InRange(allocated, 0, 64 << 10);
        await pipe.Writer.CompleteAsync();
        await Assert.ThrowsAsync<CapnProtoException>(() => reading.AsTask());
    }

    [Fact]
    public async Task Waiting_ends_with_the_token()
    {
        using var cancellation = CancellationTokenSource.CreateLinkedTokenSource(Token);
        var reading = MessageStream.ReadAsync(new Pipe().Reader, ReaderLimits.Default, cancellation.Token);

        await cancellation.CancelAsync();

        await Assert.ThrowsAnyAsync<OperationCanceledException>(() => reading.AsTask());
    }
}
