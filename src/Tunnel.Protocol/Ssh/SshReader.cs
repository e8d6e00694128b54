using System.Buffers.Binary;
using System.Text;

namespace Tunnel.Protocol.Ssh;

/// <summary>Reads SSH's data types (RFC 4251, section 5) out of a bounded piece of bytes.</summary>
internal ref struct SshReader(ReadOnlySpan<byte> bytes)
{
    private ReadOnlySpan<byte> _rest = bytes;

    public readonly ReadOnlySpan<byte> Rest => _rest;

    /// <exception cref="SshKeyFormatException">The bytes end before the value does.</exception>
    public ReadOnlySpan<byte> String()
    {
        if (_rest.Length < 4 || BinaryPrimitives.ReadUInt32BigEndian(_rest) is var length && length > (uint)(_rest.Length - 4))
        {
            throw new SshKeyFormatException("The key is cut off.");
        }

        var value = _rest.Slice(4, (int)length);
        _rest = _rest[(4 + (int)length)..];
        return value;
    }

    public uint UInt32() => BinaryPrimitives.ReadUInt32BigEndian(Take(sizeof(uint)));

    public ulong UInt64() => BinaryPrimitives.ReadUInt64BigEndian(Take(sizeof(ulong)));

    public string Text() => Encoding.ASCII.GetString(String());

    private ReadOnlySpan<byte> Take(int length)
    {
        if (_rest.Length < length)
        {
            throw new SshKeyFormatException("The key is cut off.");
        }

        var value = _rest[..length];
        _rest = _rest[length..];
        return value;
    }
}
