using System.Buffers;

namespace Tunnel.Edge.Gateway;

/// <summary>Copies one direction of a stream as the bytes come; while none come it holds no buffer.</summary>
internal static class StreamPump
{
    private const int BufferSize = 64 * 1024;

    /// <summary>Runs until the source ends. What is read is written and flushed before more is: a slow sink slows the source.</summary>
    public static async Task CopyAsync(Stream source, Stream sink, CancellationToken cancellationToken)
    {
        var ready = WaitAsync(source, cancellationToken);
        var ended = false;
        while (!ended)
        {
            await ready.ConfigureAwait(false);
            var buffer = ArrayPool<byte>.Shared.Rent(BufferSize);
            try
            {
                var length = 0;
                do
                {
                    var read = await source.ReadAsync(buffer.AsMemory(length, BufferSize - length), cancellationToken)
                        .ConfigureAwait(false);
                    length += read;
                    ended = read == 0;
                    // Kestrel hands out what a visitor sent in pieces of 4 KiB: what is there already goes along.
                    ready = ended ? ready : WaitAsync(source, cancellationToken);
                }
                while (!ended && ready.IsCompletedSuccessfully && length < BufferSize);

                if (length > 0)
                {
                    await sink.WriteAsync(buffer.AsMemory(0, length), cancellationToken).ConfigureAwait(false);
                    await sink.FlushAsync(cancellationToken).ConfigureAwait(false);
                }
            }
            finally
            {
                ArrayPool<byte>.Shared.Return(buffer);
            }
        }
    }

    /// <summary>A zero-byte read: waits for data without a place to put it.</summary>
    private static Task<int> WaitAsync(Stream source, CancellationToken cancellationToken) =>
        source.ReadAsync(Memory<byte>.Empty, cancellationToken).AsTask();
}
