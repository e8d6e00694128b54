using System.Numerics;
using System.Runtime.CompilerServices;
using System.Runtime.InteropServices;

namespace Tunnel.Protocol.WebSockets;

/// <summary>The masking of client frames (RFC 6455, section 5.3).</summary>
public static class WebSocketMask
{
    /// <summary>Copies the payload with the mask applied or, which is the same, taken off.</summary>
    /// <param name="key">The four bytes of the key, in the order in which they stand in the frame.</param>
    /// <param name="position">How many bytes of the frame's payload came before these.</param>
    public static void Copy(ReadOnlySpan<byte> source, Span<byte> destination, ReadOnlySpan<byte> key, long position)
    {
        Span<byte> turned = stackalloc byte[4];
        for (var i = 0; i < 4; i++)
        {
            turned[i] = key[(int)((position + i) & 3)];
        }

        var word = MemoryMarshal.Read<uint>(turned);
        var mask = Unsafe.BitCast<Vector<uint>, Vector<byte>>(new Vector<uint>(word));
        var at = 0;
        for (; at <= source.Length - Vector<byte>.Count; at += Vector<byte>.Count)
        {
            (new Vector<byte>(source[at..]) ^ mask).CopyTo(destination[at..]);
        }

        for (; at < source.Length; at++)
        {
            destination[at] = (byte)(source[at] ^ turned[at & 3]);
        }
    }
}
