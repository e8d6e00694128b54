using System.Buffers;
using System.Buffers.Binary;

namespace Tunnel.Protocol.WebSockets;

/// <summary>
/// Takes a client's frames apart (RFC 6455): data as a stream without regard to messages, control frames one by one.
/// It holds no data of its own beyond one control frame, so a frame of any length costs no memory.
/// </summary>
public sealed class WebSocketDecoder
{
    private readonly byte[] _key = new byte[4];
    private readonly byte[] _control = new byte[WebSocketFrame.MaxControlPayload];
    private WebSocketOpcode _opcode;
    private ulong _remaining;
    private long _position;
    private bool _inFrame;
    private bool _inMessage;

    /// <summary>The payload of the control frame that <see cref="Read"/> returned last.</summary>
    public ReadOnlyMemory<byte> Control { get; private set; }

    /// <summary>Reads on until there is data, a control frame, or nothing more to read.</summary>
    /// <param name="input">Advanced over what was taken.</param>
    /// <param name="destination">Where data goes, unmasked.</param>
    /// <param name="written">The bytes of data.</param>
    /// <returns>
    /// <see cref="WebSocketOpcode.Binary"/> for data of either kind, the opcode of a control frame, or null when more
    /// input is needed.
    /// </returns>
    /// <exception cref="WebSocketFormatException">A frame that no client may send.</exception>
    public WebSocketOpcode? Read(ref ReadOnlySequence<byte> input, Span<byte> destination, out int written)
    {
        written = 0;
        while (true)
        {
            if (!_inFrame && !ReadHeader(ref input))
            {
                return written > 0 ? WebSocketOpcode.Binary : null;
            }

            if (_opcode >= WebSocketOpcode.Close)
            {
                // Data before it goes out first.
                return written > 0 ? WebSocketOpcode.Binary : ReadControl(ref input);
            }

            var take = (int)Math.Min(_remaining, (ulong)Math.Min(input.Length, destination.Length - written));
            Unmask(input.Slice(0, take), destination[written..]);
            input = input.Slice(take);
            written += take;
            if (_remaining > 0)
            {
                return written > 0 ? WebSocketOpcode.Binary : null;
            }

            _inFrame = false;
        }
    }

    private bool ReadHeader(ref ReadOnlySequence<byte> input)
    {
        var reader = new SequenceReader<byte>(input);
        if (!reader.TryRead(out var first) || !reader.TryRead(out var second))
        {
            return false;
        }

        var opcode = (WebSocketOpcode)(first & 0x0F);
        var final = (first & 0x80) != 0;
        ulong length = (byte)(second & 0x7F);
        Check(first, second, opcode, final, length);
        Span<byte> wide = stackalloc byte[8];
        var width = length switch { 126 => 2, 127 => 8, _ => 0 };
        if (!reader.TryCopyTo(wide[..width]) || reader.Remaining < width + 4)
        {
            return false;
        }

        reader.Advance(width);
        length = width switch
        {
            2 => BinaryPrimitives.ReadUInt16BigEndian(wide),
            8 => BinaryPrimitives.ReadUInt64BigEndian(wide),
            _ => length,
        };
        if (length > long.MaxValue)
        {
            throw new WebSocketFormatException("A frame's length has its highest bit set.");
        }

        reader.TryCopyTo(_key);
        reader.Advance(4);
        input = input.Slice(reader.Position);
        (_opcode, _remaining, _position, _inFrame) = (opcode, length, 0, true);
        if (opcode < WebSocketOpcode.Close)
        {
            _inMessage = !final;
        }

        return true;
    }

    private void Check(byte first, byte second, WebSocketOpcode opcode, bool final, ulong length)
    {
        if ((first & 0x70) != 0)
        {
            throw new WebSocketFormatException("A frame uses an extension that was not agreed on.");
        }

        if ((second & 0x80) == 0)
        {
            throw new WebSocketFormatException("A client's frame is not masked.");
        }

        switch (opcode)
        {
            case WebSocketOpcode.Close or WebSocketOpcode.Ping or WebSocketOpcode.Pong:
                if (!final || length > WebSocketFrame.MaxControlPayload)
                {
                    throw new WebSocketFormatException("A control frame is fragmented or longer than 125 bytes.");
                }

                break;
            case WebSocketOpcode.Continuation when !_inMessage:
                throw new WebSocketFormatException("A continuation continues no message.");
            case WebSocketOpcode.Text or WebSocketOpcode.Binary when _inMessage:
                throw new WebSocketFormatException("A message starts inside another.");
            case WebSocketOpcode.Continuation or WebSocketOpcode.Text or WebSocketOpcode.Binary:
                break;
            default:
                throw new WebSocketFormatException($"The opcode {(byte)opcode:x} is not defined.");
        }
    }

    private WebSocketOpcode? ReadControl(ref ReadOnlySequence<byte> input)
    {
        if ((ulong)input.Length < _remaining)
        {
            return null;
        }

        var length = (int)_remaining;
        Unmask(input.Slice(0, length), _control);
        input = input.Slice(length);
        Control = _control.AsMemory(0, length);
        _inFrame = false;
        return _opcode;
    }

    private void Unmask(ReadOnlySequence<byte> payload, Span<byte> destination)
    {
        foreach (var segment in payload)
        {
            WebSocketMask.Copy(segment.Span, destination, _key, _position);
            destination = destination[segment.Length..];
            _position += segment.Length;
            _remaining -= (ulong)segment.Length;
        }
    }
}
