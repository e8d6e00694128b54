using System.Buffers.Binary;

namespace Tunnel.Core.Tests.Client;

/// <summary>WebSocket frames byte by byte, sensible or not.</summary>
internal static class RawFrames
{
    /// <summary>A server's frame.</summary>
    public static byte[] Frame(byte first, ReadOnlySpan<byte> payload)
    {
        byte[] header = payload.Length switch
        {
            <= 125 => [first, (byte)payload.Length],
            <= ushort.MaxValue => [first, 126, (byte)(payload.Length >> 8), (byte)payload.Length],
            _ => [first, 127, .. Wide(payload.Length)],
        };
        return [.. header, .. payload];
    }

    /// <summary>Reads one client frame of at most 125 bytes.</summary>
    public static async Task<(byte Opcode, byte[] Payload)> ReadSmallAsync(Stream stream, CancellationToken cancellationToken)
    {
        var header = new byte[6];
        await stream.ReadExactlyAsync(header, cancellationToken);
        var payload = new byte[header[1] & 0x7F];
        await stream.ReadExactlyAsync(payload, cancellationToken);
        for (var i = 0; i < payload.Length; i++)
        {
            payload[i] ^= header[2 + (i & 3)];
        }

        return ((byte)(header[0] & 0x0F), payload);
    }

    private static byte[] Wide(int length)
    {
        var bytes = new byte[8];
        BinaryPrimitives.WriteInt64BigEndian(bytes, length);
        return bytes;
    }
}
