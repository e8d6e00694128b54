using System.Buffers.Binary;

namespace Tunnel.Protocol.CapnProto;

/// <summary>
/// A list. Elements may be larger than those asked for, and structs may be read from a list of plain elements, since a
/// schema may grow that way ("Evolving Your Protocol"); smaller ones are a <see cref="CapnProtoException"/>.
/// </summary>
public readonly struct ListReader
{
    private readonly MessageReader? _message;
    private readonly int _segment;
    private readonly int _byteOffset;
    private readonly int _dataBits;
    private readonly int _pointerCount;
    private readonly int _depth;

    internal ListReader(
        MessageReader message,
        int segment,
        int byteOffset,
        ElementSize elementSize,
        int count,
        int dataBits,
        int pointerCount,
        int depth)
    {
        _message = message;
        _segment = segment;
        _byteOffset = byteOffset;
        ElementSize = elementSize;
        Count = count;
        _dataBits = dataBits;
        _pointerCount = pointerCount;
        _depth = depth;
    }

    /// <summary>Number of elements.</summary>
    public int Count { get; }

    /// <summary>How the sender encoded the elements.</summary>
    public ElementSize ElementSize { get; }

    /// <summary>Elements of a composite list: words of data.</summary>
    internal int DataWords => _dataBits / WirePointer.WordBits;

    /// <summary>Elements of a composite list: pointers.</summary>
    internal int PointerCount => _pointerCount;

    /// <summary>All elements of a list of plain ones.</summary>
    internal ReadOnlyMemory<byte> Memory => _message is null
        ? default
        : _message.Memory(_segment, _byteOffset, (int)((((long)Count * _dataBits) + 7) / 8));

    /// <summary>An element of a list of booleans.</summary>
    public bool GetBool(int index)
    {
        Check(index);
        return ElementSize == ElementSize.Bit
            ? (Memory.Span[index / 8] >> (index % 8) & 1) != 0
            : throw new CapnProtoException("A list is not one of booleans.");
    }

    /// <summary>An element of 8 bits.</summary>
    public byte GetByte(int index) => Element(index, 1)[0];

    /// <summary>An element of 16 bits.</summary>
    public ushort GetUInt16(int index) => BinaryPrimitives.ReadUInt16LittleEndian(Element(index, 2));

    /// <summary>An element of 32 bits.</summary>
    public uint GetUInt32(int index) => BinaryPrimitives.ReadUInt32LittleEndian(Element(index, 4));

    /// <summary>An element of 64 bits.</summary>
    public ulong GetUInt64(int index) => BinaryPrimitives.ReadUInt64LittleEndian(Element(index, 8));

    /// <summary>An element as a struct.</summary>
    public StructReader GetStruct(int index)
    {
        Check(index);
        return ElementSize == ElementSize.Bit
            ? throw new CapnProtoException("A list of booleans is no list of structs.")
            : new StructReader(_message!, _segment, ByteOffset(index), _dataBits, _pointerCount, _depth);
    }

    /// <summary>An element that is a pointer.</summary>
    public PointerReader GetPointer(int index)
    {
        Check(index);
        return _pointerCount > 0
            ? new PointerReader(_message!, _segment, (ByteOffset(index) + (_dataBits / 8)) / WirePointer.WordBytes, _depth)
            : throw new CapnProtoException("A list is not one of pointers.");
    }

    /// <summary>An element of a list of texts.</summary>
    public string GetText(int index) => GetPointer(index).GetText();

    /// <summary>An element of a list of data.</summary>
    public ReadOnlyMemory<byte> GetData(int index) => GetPointer(index).GetData();

    private ReadOnlySpan<byte> Element(int index, int length)
    {
        Check(index);
        return _dataBits >= length * 8
            ? _message!.Span(_segment, ByteOffset(index), length)
            : throw new CapnProtoException("A list's elements are smaller than expected.");
    }

    private int ByteOffset(int index) =>
        _byteOffset + (int)((long)index * (_dataBits + (_pointerCount * WirePointer.WordBits)) / 8);

    private void Check(int index)
    {
        ArgumentOutOfRangeException.ThrowIfNegative(index);
        ArgumentOutOfRangeException.ThrowIfGreaterThanOrEqual(index, Count);
    }
}
