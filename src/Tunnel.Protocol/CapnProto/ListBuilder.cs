using System.Buffers.Binary;

namespace Tunnel.Protocol.CapnProto;

/// <summary>A list that is being built.</summary>
public readonly struct ListBuilder
{
    private readonly MessageBuilder _message;
    private readonly int _segment;
    private readonly int _word;
    private readonly ElementSize _elementSize;
    private readonly int _dataWords;
    private readonly int _pointerCount;

    internal ListBuilder(
        MessageBuilder message, int segment, int word, ElementSize elementSize, int count, int dataWords, int pointerCount)
    {
        _message = message;
        _segment = segment;
        _word = word;
        _elementSize = elementSize;
        Count = count;
        _dataWords = dataWords;
        _pointerCount = pointerCount;
    }

    /// <summary>Number of elements.</summary>
    public int Count { get; }

    /// <summary>All elements of a list of plain ones.</summary>
    internal Span<byte> Bytes => _message.Segment(_segment).Span(
        _word * WirePointer.WordBytes, (int)((((long)Count * _elementSize.DataBits()) + 7) / 8));

    /// <summary>Sets an element of a list of booleans.</summary>
    public void SetBool(int index, bool value)
    {
        Check(index, ElementSize.Bit);
        ref var eight = ref Bytes[index / 8];
        var bit = (byte)(1 << (index % 8));
        eight = (byte)(value ? eight | bit : eight & ~bit);
    }

    /// <summary>Sets an element of 8 bits.</summary>
    public void SetByte(int index, byte value)
    {
        Check(index, ElementSize.Byte);
        Bytes[index] = value;
    }

    /// <summary>Sets an element of 16 bits.</summary>
    public void SetUInt16(int index, ushort value)
    {
        Check(index, ElementSize.TwoBytes);
        BinaryPrimitives.WriteUInt16LittleEndian(Bytes[(index * 2)..], value);
    }

    /// <summary>Sets an element of 32 bits.</summary>
    public void SetUInt32(int index, uint value)
    {
        Check(index, ElementSize.FourBytes);
        BinaryPrimitives.WriteUInt32LittleEndian(Bytes[(index * 4)..], value);
    }

    /// <summary>Sets an element of 64 bits.</summary>
    public void SetUInt64(int index, ulong value)
    {
        Check(index, ElementSize.EightBytes);
        BinaryPrimitives.WriteUInt64LittleEndian(Bytes[(index * 8)..], value);
    }

    /// <summary>An element of a list of structs.</summary>
    public StructBuilder GetStruct(int index)
    {
        Check(index, ElementSize.Composite);
        return new StructBuilder(
            _message, _segment, _word + (index * (_dataWords + _pointerCount)), _dataWords, _pointerCount);
    }

    /// <summary>An element of a list of pointers.</summary>
    public PointerBuilder GetPointer(int index)
    {
        Check(index, ElementSize.Pointer);
        return new PointerBuilder(_message, _segment, _word + index);
    }

    private void Check(int index, ElementSize elementSize)
    {
        ArgumentOutOfRangeException.ThrowIfNegative(index);
        ArgumentOutOfRangeException.ThrowIfGreaterThanOrEqual(index, Count);
        if (_elementSize != elementSize)
        {
            throw new InvalidOperationException($"The list's elements are {_elementSize}, not {elementSize}.");
        }
    }
}
