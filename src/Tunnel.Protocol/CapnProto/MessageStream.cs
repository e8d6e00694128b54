using System.Buffers;
using System.IO.Pipelines;

namespace Tunnel.Protocol.CapnProto;

/// <summary>Messages one after the other on a pipe ("Serialization Over a Stream"). Nothing is held between them.</summary>
public static class MessageStream
{
    /// <summary>Memory for a message grows with what has arrived: what its table announces is only a claim.</summary>
    private const int FirstBodyBytes = 4096;

    /// <summary>Reads the next message, or null where the stream ends before one.</summary>
    /// <exception cref="CapnProtoException">A message is beyond the limits, or the stream ends within one.</exception>
    public static async ValueTask<MessageReader?> ReadAsync(
        PipeReader input, ReaderLimits limits, CancellationToken cancellationToken)
    {
        ArgumentNullException.ThrowIfNull(input);
        ArgumentNullException.ThrowIfNull(limits);
        if (await ReadTableAsync(input, limits, cancellationToken).ConfigureAwait(false) is not { } lengths)
        {
            return null;
        }

        var body = await ReadBodyAsync(input, lengths.Sum(), cancellationToken).ConfigureAwait(false);
        return MessageReader.FromBody(body, lengths, limits);
    }

    private static async ValueTask<int[]?> ReadTableAsync(
        PipeReader input, ReaderLimits limits, CancellationToken cancellationToken)
    {
        var needed = SegmentTable.MinBytes;
        while (true)
        {
            var result = await input.ReadAtLeastAsync(needed, cancellationToken).ConfigureAwait(false);
            var buffer = result.Buffer;
            if (result.IsCompleted && buffer.IsEmpty)
            {
                input.AdvanceTo(buffer.End);
                return null;
            }

            Check(result, buffer.Length >= needed);
            var bytes = SegmentTable.Bytes(buffer.Slice(0, needed).ToArray(), limits);
            if (bytes > needed)
            {
                input.AdvanceTo(buffer.Start);
                needed = bytes;
                continue;
            }

            var lengths = SegmentTable.Read(buffer.Slice(0, bytes).ToArray(), limits);
            input.AdvanceTo(buffer.GetPosition(bytes));
            return lengths;
        }
    }

    private static async ValueTask<byte[]> ReadBodyAsync(
        PipeReader input, int length, CancellationToken cancellationToken)
    {
        var body = new byte[Math.Min(length, FirstBodyBytes)];
        var filled = 0;
        while (filled < length)
        {
            var result = await input.ReadAsync(cancellationToken).ConfigureAwait(false);
            var arrived = result.Buffer.Slice(0, Math.Min(result.Buffer.Length, length - filled));
            Check(result, !arrived.IsEmpty || !result.IsCompleted);
            var needed = filled + (int)arrived.Length;
            if (needed > body.Length)
            {
                Array.Resize(ref body, (int)Math.Min(length, Math.Max(needed, body.Length * 2L)));
            }

            arrived.CopyTo(body.AsSpan(filled));
            filled = needed;
            input.AdvanceTo(arrived.End);
        }

        return body;
    }

    private static void Check(ReadResult result, bool enough)
    {
        if (result.IsCanceled)
        {
            throw new OperationCanceledException();
        }

        if (!enough)
        {
            throw new CapnProtoException("The stream ends within a message.");
        }
    }
}
