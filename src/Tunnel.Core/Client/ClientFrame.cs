using System.Buffers.Binary;
using System.Numerics;
using System.Runtime.CompilerServices;
using System.Security.Cryptography;

namespace Tunnel.Core.Client;

/// <summary>Writes the frames of a WebSocket client (RFC 6455, section 5.2): final and masked.</summary>
internal static class ClientFrame
{
    public const byte Binary = 0x2;
    public const byte Close = 0x8;
    public const byte Ping = 0x9;
    public const byte Pong = 0xA;

    /// <summary>The most that a control frame carries (section 5.5).</summary>
    public const int MaxControlPayload = 125;

    /// <summary>
    /// One TLS record (RFC 8446, section 5.1), header included: a longer frame would cost a second record and a second
    /// write for its last bytes. It also keeps messages under the 16 KiB beyond which cloudflared drops data.
    /// </summary>
    public const int MaxFrame = 16 * 1024;

    /// <summary>Data bytes in the longest frame: two bytes, a length of two bytes and the mask come off.</summary>
    public const int MaxPayload = MaxFrame - 8;

    /// <summary>Writes one frame.</summary>
    /// <param name="frame">Takes it: eight bytes more than the payload at most.</param>
    /// <param name="opcode">One of the constants here.</param>
    /// <param name="payload">At most <see cref="MaxPayload"/> bytes.</param>
    /// <returns>The length of the frame.</returns>
    public static int Write(Span<byte> frame, byte opcode, ReadOnlySpan<byte> payload)
    {
        frame[0] = (byte)(0x80 | opcode);
        var at = 2;
        if (payload.Length <= MaxControlPayload)
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
        Mask(payload, frame[(at + 4)..], BitConverter.ToUInt32(key));
        return at + 4 + payload.Length;
    }

    private static void Mask(ReadOnlySpan<byte> source, Span<byte> destination, uint key)
    {
        var wide = Unsafe.BitCast<Vector<uint>, Vector<byte>>(new Vector<uint>(key));
        var at = 0;
        for (; at <= source.Length - Vector<byte>.Count; at += Vector<byte>.Count)
        {
            (new Vector<byte>(source[at..]) ^ wide).CopyTo(destination[at..]);
        }

        Span<byte> bytes = stackalloc byte[4];
        BitConverter.TryWriteBytes(bytes, key);
        for (; at < source.Length; at++)
        {
            destination[at] = (byte)(source[at] ^ bytes[at & 3]);
        }
    }
}
