using System.Buffers.Binary;

namespace Tunnel.Protocol.CapnProto;

/// <summary>One segment of a message that is being built.</summary>
internal sealed class SegmentBuilder(int capacityWords, bool grows)
{
    private byte[] _bytes = new byte[capacityWords * WirePointer.WordBytes];

    public int Words { get; private set; }

    public ReadOnlySpan<byte> Written => _bytes.AsSpan(0, Words * WirePointer.WordBytes);

    public Span<byte> Span(int byteOffset, int length) => _bytes.AsSpan(byteOffset, length);

    public WirePointer PointerAt(int word) =>
        new(BinaryPrimitives.ReadUInt64LittleEndian(Span(word * WirePointer.WordBytes, WirePointer.WordBytes)));

    public void Put(int word, WirePointer pointer) =>
        BinaryPrimitives.WriteUInt64LittleEndian(Span(word * WirePointer.WordBytes, WirePointer.WordBytes), pointer.Bits);

    /// <summary>Takes zeroed words; false if they do not fit and the segment does not grow.</summary>
    public bool TryAllocate(int words, out int word)
    {
        word = Words;
        var needed = checked((Words + words) * WirePointer.WordBytes);
        if (needed > _bytes.Length)
        {
            if (!grows)
            {
                return false;
            }

            Array.Resize(ref _bytes, (int)Math.Min(Array.MaxLength, Math.Max(needed, _bytes.Length * 2L)));
        }

        Words += words;
        return true;
    }
}
