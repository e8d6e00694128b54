using CsCheck;
using Tunnel.Protocol.Tls;

namespace Tunnel.Protocol.Tests.Tls;

public sealed class ReadAheadStreamTests
{
    [Fact]
    public void Every_byte_arrives_once_and_in_order_whatever_comes_at_a_time_and_is_asked_for()
    {
        var cases = Gen.Select(Gen.Byte.Array[0, 200_000], Gen.Int[1, 90_000].Array[1, 20], Gen.Int[0, 90_000].Array[1, 20]);
        cases.Sample(
            (bytes, pieces, rooms) =>
            {
                using var stream = new ReadAheadStream(new PiecewiseStream(bytes, pieces));
                Assert.Equal(bytes, ReadAll(stream, rooms));
            },
            iter: 200);
    }

    [Fact]
    public async Task An_empty_read_waits_and_takes_nothing()
    {
        await using var stream = new ReadAheadStream(new PiecewiseStream([1, 2, 3], [3]));

        Assert.Equal(0, await stream.ReadAsync(Memory<byte>.Empty));
        var all = new byte[8];
        Assert.Equal(2, await stream.ReadAsync(all.AsMemory(0, 2)));
        Assert.Equal(0, await stream.ReadAsync(Memory<byte>.Empty));
        Assert.Equal(1, await stream.ReadAsync(all.AsMemory(2)));
        Assert.Equal([1, 2, 3, 0, 0, 0, 0, 0], all);
        Assert.Equal(0, await stream.ReadAsync(all));
    }

    [Fact]
    public async Task A_read_that_fails_gives_the_fault_and_keeps_nothing()
    {
        await using var stream = new ReadAheadStream(new PiecewiseStream([1], [1], new IOException("cut")));

        Assert.Equal(1, await stream.ReadAsync(new byte[8]));
        await Assert.ThrowsAsync<IOException>(() => stream.ReadAsync(new byte[8]).AsTask());
    }

    private static List<byte> ReadAll(ReadAheadStream stream, int[] rooms)
    {
        var all = new List<byte>();
        for (var turn = 0; ; turn++)
        {
            var buffer = new byte[rooms[turn % rooms.Length]];
            var reading = stream.ReadAsync(buffer).AsTask();
            Assert.True(reading.IsCompletedSuccessfully);
            var read = reading.Result;
            all.AddRange(buffer.AsSpan(0, read));
            // A read of nothing says nothing about the end; the next one with room does.
            if (read == 0 && (buffer.Length > 0 || Array.TrueForAll(rooms, room => room == 0)))
            {
                return Array.TrueForAll(rooms, room => room == 0) ? [.. all, .. Rest(stream)] : all;
            }
        }
    }

    private static byte[] Rest(ReadAheadStream stream)
    {
        using var rest = new MemoryStream();
        stream.CopyTo(rest);
        return rest.ToArray();
    }

    /// <summary>Gives its bytes in pieces, as a socket does, and then its end or a fault.</summary>
    private sealed class PiecewiseStream(byte[] bytes, int[] pieces, Exception? fault = null) : MemoryStream(bytes)
    {
        private int _turn;

        public override ValueTask<int> ReadAsync(Memory<byte> buffer, CancellationToken cancellationToken = default)
        {
            if (fault is not null && Position == Length)
            {
                return ValueTask.FromException<int>(fault);
            }

            return buffer.IsEmpty
                ? ValueTask.FromResult(0)
                : base.ReadAsync(buffer[..Math.Min(buffer.Length, pieces[_turn++ % pieces.Length])], cancellationToken);
        }
    }
}
