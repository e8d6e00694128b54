using System.Buffers;

namespace Tunnel.Edge.Gateway;

/// <summary>Copies one direction of a stream as the bytes come; while none come it holds no buffer.</summary>
internal static class StreamPump
{
    private const int BufferSize = 64 * 1024;

    /// <summary>Runs until the source ends. Each read is written and flushed before the next: a slow sink slows the source.</summary>
    public static async Task CopyAsync(Stream source, Stream sink, CancellationToken cancellationToken)
    {
        while (true)
        {
            // A zero-byte read waits for data without a place to put it.
            await source.ReadAsync(Memory<byte>.Empty, cancellationToken).ConfigureAwait(false);
            var buffer = ArrayPool<byte>.Shared.Rent(BufferSize);
            try
            {
                var read = await source.ReadAsync(buffer, cancellationToken).ConfigureAwait(false);
                if (read == 0)
                {
                    return;
                }

                await sink.WriteAsync(buffer.AsMemory(0, read), cancellationToken).ConfigureAwait(false);
                await sink.FlushAsync(cancellationToken).ConfigureAwait(false);
            }
            finally
            {
                ArrayPool<byte>.Shared.Return(buffer);
            }
        }
    }
}
