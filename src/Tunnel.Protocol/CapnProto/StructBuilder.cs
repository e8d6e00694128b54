using System.Buffers.Binary;

namespace Tunnel.Protocol.CapnProto;

/// <summary>A struct that is being built; offsets as in <see cref="StructReader"/>.</summary>
public readonly struct StructBuilder
{
    private readonly MessageBuilder _message;
    private readonly int _segment;
    private readonly int _word;
    private readonly int _dataWords;
    private readonly int _pointerCount;

    internal StructBuilder(MessageBuilder message, int segment, int word, int dataWords, int pointerCount)
    {
        _message = message;
        _segment = segment;
        _word = word;
        _dataWords = dataWords;
        _pointerCount = pointerCount;
    }

    private Span<byte> Data =>
        _message.Segment(_segment).Span(_word * WirePointer.WordBytes, _dataWords * WirePointer.WordBytes);

    /// <summary>Sets a boolean; a default is XORed, as for all data fields.</summary>
    public void SetBool(int bitOffset, bool value, bool defaultValue = false)
    {
        ref var field = ref Data[bitOffset / 8];
        var bit = (byte)(1 << (bitOffset % 8));
        field = (byte)(value ^ defaultValue ? field | bit : field & ~bit);
    }

    /// <summary>Sets an 8-bit field.</summary>
    public void SetByte(int byteOffset, byte value, byte defaultValue = 0) =>
        Data[byteOffset] = (byte)(value ^ defaultValue);

    /// <summary>Sets a 16-bit field, a union's tag or an enumerant.</summary>
    public void SetUInt16(int byteOffset, ushort value, ushort defaultValue = 0) =>
        BinaryPrimitives.WriteUInt16LittleEndian(Data[byteOffset..], (ushort)(value ^ defaultValue));

    /// <summary>Sets a 32-bit field.</summary>
    public void SetUInt32(int byteOffset, uint value, uint defaultValue = 0) =>
        BinaryPrimitives.WriteUInt32LittleEndian(Data[byteOffset..], value ^ defaultValue);

    /// <summary>Sets a 64-bit field.</summary>
    public void SetUInt64(int byteOffset, ulong value, ulong defaultValue = 0) =>
        BinaryPrimitives.WriteUInt64LittleEndian(Data[byteOffset..], value ^ defaultValue);

    /// <summary>A pointer field.</summary>
    public PointerBuilder GetPointer(int index)
    {
        ArgumentOutOfRangeException.ThrowIfNegative(index);
        ArgumentOutOfRangeException.ThrowIfGreaterThanOrEqual(index, _pointerCount);
        return new PointerBuilder(_message, _segment, _word + _dataWords + index);
    }

    /// <summary>Sets a pointer field to a new struct.</summary>
    public StructBuilder InitStruct(int index, int dataWords, int pointerCount) =>
        GetPointer(index).InitStruct(dataWords, pointerCount);

    /// <summary>Sets a pointer field to a text.</summary>
    public void SetText(int index, string value) => GetPointer(index).SetText(value);

    /// <summary>Sets a pointer field to data.</summary>
    public void SetData(int index, ReadOnlySpan<byte> value) => GetPointer(index).SetData(value);

    internal void Copy(StructReader from)
    {
        from.Data.CopyTo(Data);
        for (var i = 0; i < from.PointerCount; i++)
        {
            GetPointer(i).Copy(from.GetPointer(i));
        }
    }
}
