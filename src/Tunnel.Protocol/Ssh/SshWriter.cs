using System.Buffers;
using System.Buffers.Binary;
using System.Text;

namespace Tunnel.Protocol.Ssh;

/// <summary>Writes SSH's data types (RFC 4251, section 5).</summary>
internal sealed class SshWriter
{
    private readonly ArrayBufferWriter<byte> _bytes = new();

    public SshWriter UInt32(uint value)
    {
        Span<byte> bytes = stackalloc byte[4];
        BinaryPrimitives.WriteUInt32BigEndian(bytes, value);
        _bytes.Write(bytes);
        return this;
    }

    public SshWriter UInt64(ulong value)
    {
        Span<byte> bytes = stackalloc byte[8];
        BinaryPrimitives.WriteUInt64BigEndian(bytes, value);
        _bytes.Write(bytes);
        return this;
    }

    /// <summary>Bytes as they are, without a length.</summary>
    public SshWriter Raw(ReadOnlySpan<byte> value)
    {
        _bytes.Write(value);
        return this;
    }

    public SshWriter String(ReadOnlySpan<byte> value)
    {
        UInt32((uint)value.Length);
        _bytes.Write(value);
        return this;
    }

    public SshWriter String(string value) => String(Encoding.UTF8.GetBytes(value));

    /// <summary>A number that is not negative, from its bytes, the highest first.</summary>
    public SshWriter MultiplePrecision(ReadOnlySpan<byte> value)
    {
        var number = value.TrimStart((byte)0);
        var isHigh = !number.IsEmpty && (number[0] & 0x80) != 0;
        UInt32((uint)(number.Length + (isHigh ? 1 : 0)));
        if (isHigh)
        {
            _bytes.Write<byte>([0]);
        }

        _bytes.Write(number);
        return this;
    }

    public byte[] ToArray() => _bytes.WrittenSpan.ToArray();
}
