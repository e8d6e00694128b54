using System.Buffers.Binary;
using System.Text;

namespace Tunnel.Protocol.Ssh;

/// <summary>Reads SSH's data types (RFC 4251, section 5) out of a bounded piece of bytes.</summary>
internal ref struct SshReader(ReadOnlySpan<byte> bytes)
{
    // Strict: two names that differ must not become the same.
    private static readonly UTF8Encoding s_text = new(encoderShouldEmitUTF8Identifier: false, throwOnInvalidBytes: true);

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

    /// <exception cref="SshKeyFormatException">The bytes end before the text does, or are no text.</exception>
    public string Text()
    {
        try
        {
            var text = s_text.GetString(String());
            return text.Contains('\0', StringComparison.Ordinal) ? throw new SshKeyFormatException("A text holds a NUL.") : text;
        }
        catch (DecoderFallbackException e)
        {
            throw new SshKeyFormatException("A text is not UTF-8.", e);
        }
    }

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
