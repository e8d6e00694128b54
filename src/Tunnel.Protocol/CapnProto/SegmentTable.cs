using System.Buffers.Binary;

namespace Tunnel.Protocol.CapnProto;

/// <summary>What stands before a message on a stream ("Serialization Over a Stream"): the number of segments less one
/// and each one's length in words, 32 bits each, filled up to a whole word.</summary>
internal static class SegmentTable
{
    /// <summary>A table for one segment; no message is shorter than that.</summary>
    public const int MinBytes = 8;

    public static int Bytes(int segments) => (4 + (4 * segments) + 7) & ~7;

    /// <summary>How long the table is, from its first four bytes.</summary>
    public static int Bytes(ReadOnlySpan<byte> start, ReaderLimits limits)
    {
        var segments = BinaryPrimitives.ReadUInt32LittleEndian(start) + 1L;
        return segments <= limits.MaxSegments
            ? Bytes((int)segments)
            : throw new CapnProtoException($"A message has {segments} segments, more than {limits.MaxSegments}.");
    }

    /// <summary>The segments' lengths in bytes; together within the limit.</summary>
    public static int[] Read(ReadOnlySpan<byte> table, ReaderLimits limits)
    {
        var lengths = new int[BinaryPrimitives.ReadUInt32LittleEndian(table) + 1];
        var total = 0L;
        for (var i = 0; i < lengths.Length; i++)
        {
            var bytes = BinaryPrimitives.ReadUInt32LittleEndian(table[(4 + (4 * i))..]) * (long)WirePointer.WordBytes;
            total += bytes;
            if (total > limits.MaxMessageBytes)
            {
                throw new CapnProtoException($"A message is longer than {limits.MaxMessageBytes} bytes.");
            }

            lengths[i] = (int)bytes;
        }

        return lengths;
    }

    public static void Write(Span<byte> table, ReadOnlySpan<int> words)
    {
        table.Clear();
        BinaryPrimitives.WriteInt32LittleEndian(table, words.Length - 1);
        for (var i = 0; i < words.Length; i++)
        {
            BinaryPrimitives.WriteInt32LittleEndian(table[(4 + (4 * i))..], words[i]);
        }
    }
}
