using System.Buffers;
using System.Net.WebSockets;
using CsCheck;
using Tunnel.Protocol.WebSockets;

namespace Tunnel.Protocol.Tests.WebSockets;

public sealed class WebSocketDecoderTests
{
    /// <summary>The captured bytes of <c>../shared/vectors</c>: a binary message of nine bytes, a close, a ping.</summary>
    [Theory]
    [InlineData("82892f7fe237777fe2372f7fe2372f", WebSocketOpcode.Binary, "580000000000000000")]
    [InlineData("8882a08d4709a365", WebSocketOpcode.Close, "03e8")]
    [InlineData("89829ae350ebf28a", WebSocketOpcode.Ping, "6869")]
    public void Frames_that_were_captured_decode(string frame, WebSocketOpcode opcode, string payload)
    {
        var decoder = new WebSocketDecoder();
        var input = new ReadOnlySequence<byte>(Convert.FromHexString(frame));
        var destination = new byte[64];

        var read = decoder.Read(ref input, destination, out var written);

        Assert.Equal(opcode, read);
        var got = opcode == WebSocketOpcode.Binary ? destination.AsMemory(0, written) : decoder.Control;
        Assert.Equal(payload, Convert.ToHexStringLower(got.Span));
        Assert.True(input.IsEmpty);
    }

    [Fact]
    public void What_a_client_of_the_platform_sends_arrives_in_whatever_pieces_it_is_cut()
    {
        var cases = Gen.Select(Gen.Byte.Array[0, 70_000].Array[1, 4], Gen.Int[1, 5000], Gen.Int[1, 20_000], Gen.Bool);
        cases.Sample(
            (messages, piece, room, fragmented) =>
            {
                var sent = ClientBytes(messages, fragmented);
                Assert.Equal(messages.SelectMany(message => message), Decode(sent, piece, room));
            },
            iter: 200);
    }

    [Theory]
    [InlineData("8205", "not masked")]
    [InlineData("c2850000000000", "extension")]
    [InlineData("83850000000000", "not defined")]
    [InlineData("80850000000000", "continues no message")]
    [InlineData("0980", "fragmented")]
    [InlineData("89fe", "longer than 125")]
    [InlineData("82ffffffffffffffffff00000000", "highest bit")]
    public void A_frame_that_no_client_may_send_is_refused(string frame, string reason)
    {
        var error = Assert.Throws<WebSocketFormatException>(() =>
        {
            var input = new ReadOnlySequence<byte>(Convert.FromHexString(frame));
            new WebSocketDecoder().Read(ref input, new byte[16], out _);
        });
        Assert.Contains(reason, error.Message, StringComparison.Ordinal);
    }

    [Fact]
    public void Bytes_at_random_give_frames_or_the_one_error()
    {
        Gen.Byte.Array[0, 300].Sample(
            bytes =>
            {
                try
                {
                    Decode(bytes, 7, 16);
                }
                catch (WebSocketFormatException)
                {
                    // The error that it may give.
                }
            },
            iter: 20_000);
    }

    /// <summary>What the platform's own WebSocket writes as a client.</summary>
    private static byte[] ClientBytes(byte[][] messages, bool fragmented)
    {
        using var wire = new MemoryStream();
        using var client = WebSocket.CreateFromStream(wire, new WebSocketCreationOptions());
        foreach (var message in messages)
        {
            var half = fragmented ? message.Length / 2 : 0;
            if (fragmented)
            {
                client.SendAsync(message.AsMemory(0, half), WebSocketMessageType.Binary, false, default).AsTask().GetAwaiter().GetResult();
            }

            client.SendAsync(message.AsMemory(half), WebSocketMessageType.Binary, true, default).AsTask().GetAwaiter().GetResult();
        }

        return wire.ToArray();
    }

    private static List<byte> Decode(byte[] bytes, int piece, int room)
    {
        var decoder = new WebSocketDecoder();
        var data = new List<byte>();
        var destination = new byte[room];
        var pending = Array.Empty<byte>();
        foreach (var chunk in bytes.Chunk(piece))
        {
            var input = new ReadOnlySequence<byte>([.. pending, .. chunk]);
            while (decoder.Read(ref input, destination, out var written) is { } opcode)
            {
                if (opcode == WebSocketOpcode.Binary)
                {
                    data.AddRange(destination.AsSpan(0, written));
                }
            }

            pending = input.ToArray();
        }

        return data;
    }
}
