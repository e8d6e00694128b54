using System.Buffers.Binary;

namespace Tunnel.Protocol.WebSockets;

/// <summary>Writes frame headers (RFC 6455, section 5.2).</summary>
public static class WebSocketFrame
{
    /// <summary>The most that a control frame may carry (section 5.5).</summary>
    public const int MaxControlPayload = 125;

    /// <summary>The longest header that <see cref="WriteHeader"/> writes: a frame of at most 65,535 bytes, unmasked.</summary>
    public const int MaxHeaderSize = 4;

    /// <summary>The bytes that a header for an unmasked payload of that length takes.</summary>
    public static int HeaderSize(int payloadLength) => payloadLength <= MaxControlPayload ? 2 : MaxHeaderSize;

    /// <summary>Writes the header of an unmasked, final frame: what a server sends.</summary>
    /// <param name="payloadLength">At most 65,535.</param>
    /// <returns>The bytes written, 2 or 4.</returns>
    public static int WriteHeader(Span<byte> destination, WebSocketOpcode opcode, int payloadLength)
    {
        ArgumentOutOfRangeException.ThrowIfGreaterThan(payloadLength, ushort.MaxValue);
        destination[0] = (byte)(0x80 | (byte)opcode);
        if (payloadLength <= MaxControlPayload)
        {
            destination[1] = (byte)payloadLength;
            return 2;
        }

        destination[1] = 126;
        BinaryPrimitives.WriteUInt16BigEndian(destination[2..], (ushort)payloadLength);
        return MaxHeaderSize;
    }
}
