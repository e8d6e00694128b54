using System.Buffers.Binary;

namespace Tunnel.Protocol.CapnProto;

/// <summary>
/// A struct: a data section and pointers. Fields that the sender's schema did not have yet read as their defaults.
/// Offsets are those of <c>capnp compile -ocapnp</c>: bits for booleans; here bytes for the rest.
/// </summary>
public readonly struct StructReader
{
    private readonly MessageReader? _message;
    private readonly int _segment;
    private readonly int _byteOffset;
    private readonly int _dataBits;
    private readonly int _depth;

    internal StructReader(
        MessageReader message, int segment, int byteOffset, int dataBits, int pointerCount, int depth)
    {
        _message = message;
        _segment = segment;
        _byteOffset = byteOffset;
        _dataBits = dataBits;
        PointerCount = pointerCount;
        _depth = depth;
    }

    /// <summary>Pointers that the sender wrote.</summary>
    public int PointerCount { get; }

    /// <summary>The data section that the sender wrote.</summary>
    public ReadOnlySpan<byte> Data => _message is null ? default : _message.Span(_segment, _byteOffset, _dataBits / 8);

    /// <summary>A boolean; a default is XORed, as for all data fields.</summary>
    public bool GetBool(int bitOffset, bool defaultValue = false)
    {
        ArgumentOutOfRangeException.ThrowIfNegative(bitOffset);
        var data = Data;
        return (bitOffset / 8 < data.Length && (data[bitOffset / 8] >> (bitOffset % 8) & 1) != 0) ^ defaultValue;
    }

    /// <summary>An 8-bit field.</summary>
    public byte GetByte(int byteOffset, byte defaultValue = 0) =>
        (byte)(Field(byteOffset, 1) is [var value] ? value ^ defaultValue : defaultValue);

    /// <summary>A 16-bit field, a union's tag or an enumerant.</summary>
    public ushort GetUInt16(int byteOffset, ushort defaultValue = 0) =>
        (ushort)((Field(byteOffset, 2) is { IsEmpty: false } field ? BinaryPrimitives.ReadUInt16LittleEndian(field) : 0)
            ^ defaultValue);

    /// <summary>A 32-bit field.</summary>
    public uint GetUInt32(int byteOffset, uint defaultValue = 0) =>
        (Field(byteOffset, 4) is { IsEmpty: false } field ? BinaryPrimitives.ReadUInt32LittleEndian(field) : 0)
            ^ defaultValue;

    /// <summary>A 64-bit field.</summary>
    public ulong GetUInt64(int byteOffset, ulong defaultValue = 0) =>
        (Field(byteOffset, 8) is { IsEmpty: false } field ? BinaryPrimitives.ReadUInt64LittleEndian(field) : 0)
            ^ defaultValue;

    /// <summary>A pointer field; null where the sender has none.</summary>
    public PointerReader GetPointer(int index)
    {
        ArgumentOutOfRangeException.ThrowIfNegative(index);
        return index < PointerCount
            ? new PointerReader(_message!, _segment, ((_byteOffset + (_dataBits / 8)) / WirePointer.WordBytes) + index, _depth)
            : default;
    }

    /// <summary>The struct that a pointer field points to.</summary>
    public StructReader GetStruct(int index) => GetPointer(index).GetStruct();

    /// <summary>The list that a pointer field points to.</summary>
    public ListReader GetList(int index) => GetPointer(index).GetList();

    /// <summary>The text that a pointer field points to.</summary>
    public string GetText(int index, string defaultValue = "") => GetPointer(index).GetText(defaultValue);

    /// <summary>The data that a pointer field points to.</summary>
    public ReadOnlyMemory<byte> GetData(int index) => GetPointer(index).GetData();

    private ReadOnlySpan<byte> Field(int byteOffset, int length)
    {
        ArgumentOutOfRangeException.ThrowIfNegative(byteOffset);
        var data = Data;
        return byteOffset <= data.Length - length ? data.Slice(byteOffset, length) : default;
    }
}
