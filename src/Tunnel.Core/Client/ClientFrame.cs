using System.Buffers.Binary;
using System.Security.Cryptography;
using Tunnel.Protocol.WebSockets;

namespace Tunnel.Core.Client;

/// <summary>Writes the frames of a WebSocket client (RFC 6455, section 5.2): final and masked.</summary>
internal static class ClientFrame
{
    /// <summary>
    /// One TLS record (RFC 8446, section 5.1), header included: a longer frame would cost a second record and a second
    /// write for its last bytes. It also keeps messages under the 16 KiB beyond which cloudflared drops data.
    /// </summary>
    public const int MaxFrame = 16 * 1024;

    /// <summary>Data bytes in the longest frame: two bytes, a length of two bytes and the mask come off.</summary>
    public const int MaxPayload = MaxFrame - 8;

    /// <summary>Writes one frame.</summary>
    /// <param name="frame">Takes it: eight bytes more than the payload at most.</param>
    /// <param name="opcode">What it is.</param>
    /// <param name="payload">At most <see cref="MaxPayload"/> bytes.</param>
    /// <returns>The length of the frame.</returns>
    public static int Write(Span<byte> frame, WebSocketOpcode opcode, ReadOnlySpan<byte> payload)
    {
        frame[0] = (byte)(0x80 | (byte)opcode);
        var at = 2;
        if (payload.Length <= WebSocketFrame.MaxControlPayload)
        {
            frame[1] = (byte)(0x80 | payload.Length);
        }
        else
        {
            frame[1] = 0x80 | 126;
            BinaryPrimitives.WriteUInt16BigEndian(frame[2..], (ushort)payload.Length);
            at = 4;
        }

        var key = frame.Slice(at, 4);
        RandomNumberGenerator.Fill(key);
        WebSocketMask.Copy(payload, frame[(at + 4)..], key, position: 0);
        return at + 4 + payload.Length;
    }
}
