using System.Buffers.Binary;
using System.Net.Security;
using System.Net.Sockets;
using System.Text;
using Tunnel.Testing;

namespace Tunnel.EndToEnd.Tests.Adversary;

/// <summary>A visitor of HTTP/2 that writes its own frames, with headers as the test spells them (RFC 9113, RFC 7541).</summary>
internal static class RawHttp2Visitor
{
    private static readonly TimeSpan s_limit = Eventually.Limit;

    // RFC 7541, appendix A: the statuses that have an entry of their own.
    private static readonly Dictionary<int, int> s_statuses = new()
    {
        [8] = 200, [9] = 204, [10] = 206, [11] = 304, [12] = 400, [13] = 404, [14] = 500,
    };

    /// <summary>Opens one stream; its status, or 0 where the stream or the connection is reset.</summary>
    public static Task<int> SendAsync(EdgeLab lab, string serverName, bool endStream, params (string Name, string Value)[] headers) =>
        SendAsync(lab, serverName, Open(headers, endStream));

    /// <summary>The same with a body.</summary>
    public static Task<int> SendAsync(EdgeLab lab, string serverName, byte[] body, params (string Name, string Value)[] headers) =>
        SendAsync(lab, serverName, [.. Open(headers, endStream: false), .. Frame(0, 1, 1, body)]); // DATA, END_STREAM

    private static async Task<int> SendAsync(EdgeLab lab, string serverName, byte[] frames)
    {
        using var client = new TcpClient();
        await client.ConnectAsync(lab.Edge.PublicEndPoint);
        await using var stream = new SslStream(client.GetStream());
        var tls = lab.Trusting(serverName);
        tls.ApplicationProtocols = [SslApplicationProtocol.Http2];
        await stream.AuthenticateAsClientAsync(tls);
        Assert.Equal(SslApplicationProtocol.Http2, stream.NegotiatedApplicationProtocol);
        using var limit = new CancellationTokenSource(s_limit);
        try
        {
            await stream.WriteAsync(frames, limit.Token);
            return await ReadStatusAsync(stream, limit.Token);
        }
        catch (IOException)
        {
            return 0;
        }
    }

    private static byte[] Open((string Name, string Value)[] headers, bool endStream)
    {
        var block = new List<byte>();
        foreach (var (name, value) in headers)
        {
            block.Add(0); // literal, not indexed, new name
            Append(block, name);
            Append(block, value);
        }

        return
        [
            .. "PRI * HTTP/2.0\r\n\r\nSM\r\n\r\n"u8,
            .. Frame(4, 0, 0, []),
            .. Frame(1, (byte)(endStream ? 5 : 4), 1, [.. block]), // END_HEADERS, perhaps END_STREAM
        ];
    }

    private static void Append(List<byte> block, string text)
    {
        var bytes = Encoding.Latin1.GetBytes(text);
        if (bytes.Length < 127)
        {
            block.Add((byte)bytes.Length);
        }
        else
        {
            block.Add(127); // RFC 7541, section 5.1
            var rest = bytes.Length - 127;
            for (; rest >= 128; rest /= 128)
            {
                block.Add((byte)((rest % 128) | 128));
            }

            block.Add((byte)rest);
        }

        block.AddRange(bytes);
    }

    private static byte[] Frame(byte type, byte flags, int stream, byte[] payload)
    {
        var frame = new byte[9 + payload.Length];
        frame[0] = (byte)(payload.Length >> 16);
        BinaryPrimitives.WriteUInt16BigEndian(frame.AsSpan(1), (ushort)payload.Length);
        (frame[3], frame[4]) = (type, flags);
        BinaryPrimitives.WriteInt32BigEndian(frame.AsSpan(5), stream);
        payload.CopyTo(frame, 9);
        return frame;
    }

    private static async Task<int> ReadStatusAsync(Stream stream, CancellationToken cancellationToken)
    {
        var head = new byte[9];
        while (true)
        {
            await stream.ReadExactlyAsync(head, cancellationToken);
            var payload = new byte[(head[0] << 16) | BinaryPrimitives.ReadUInt16BigEndian(head.AsSpan(1))];
            await stream.ReadExactlyAsync(payload, cancellationToken);
            switch (head[3])
            {
                case 1:
                    return StatusOf(payload);
                case 3 or 7: // RST_STREAM, GOAWAY
                    return 0;
            }
        }
    }

    /// <summary>The first field of an answer is its status; Kestrel writes no Huffman codes.</summary>
    private static int StatusOf(ReadOnlySpan<byte> block)
    {
        while ((block[0] & 0xE0) == 0x20)
        {
            block = block[1..]; // dynamic table size update
        }

        if ((block[0] & 0x80) != 0)
        {
            return s_statuses[block[0] & 0x7F];
        }

        Assert.Contains(block[0] & 0x3F, Enumerable.Range(8, 7)); // the name ":status"
        return int.Parse(Encoding.ASCII.GetString(block.Slice(2, block[1])), System.Globalization.CultureInfo.InvariantCulture);
    }
}
