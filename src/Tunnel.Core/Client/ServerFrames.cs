using System.Buffers.Binary;
using Tunnel.Protocol.WebSockets;

namespace Tunnel.Core.Client;

/// <summary>
/// Takes a server's frames apart in the buffer in which they arrived: what stays there is the data, without regard to
/// messages. It holds one header and one control frame at most, so frames of any length cost no memory.
/// </summary>
internal sealed class ServerFrames
{
    private readonly byte[] _header = new byte[10];
    private readonly byte[] _control = new byte[WebSocketFrame.MaxControlPayload];
    private int _headerLength;
    private int _controlLength;
    private WebSocketOpcode _opcode;
    private ulong _remaining;
    private bool _inFrame;
    private bool _inMessage;

    /// <summary>The far end has closed: its status code, or 1005 when it gave none (RFC 6455, section 7.4.1).</summary>
    public int? CloseCode { get; private set; }

    /// <summary>The payload of the newest ping that nobody has taken yet.</summary>
    public byte[]? Ping { get; set; }

    /// <summary>Nothing of a message or frame is missing.</summary>
    public bool IsAtBoundary => !_inFrame && !_inMessage && _headerLength == 0;

    /// <summary>Takes what was received; bytes after a Close are dropped.</summary>
    /// <param name="received">Becomes the data, from the start on.</param>
    /// <returns>The bytes of data.</returns>
    /// <exception cref="InvalidDataException">A frame that no server may send.</exception>
    public int Take(Span<byte> received)
    {
        var data = 0;
        var at = 0;
        while (CloseCode is null)
        {
            if (!_inFrame && !ReadHeader(received, ref at))
            {
                break;
            }

            var part = received.Slice(at, (int)Math.Min(_remaining, (ulong)(received.Length - at)));
            at += part.Length;
            _remaining -= (ulong)part.Length;
            if (_opcode >= WebSocketOpcode.Close)
            {
                part.CopyTo(_control.AsSpan(_controlLength));
                _controlLength += part.Length;
            }
            else
            {
                part.CopyTo(received[data..]);
                data += part.Length;
            }

            if (_remaining > 0)
            {
                break;
            }

            _inFrame = false;
            EndControl();
        }

        return data;
    }

    private bool ReadHeader(ReadOnlySpan<byte> received, ref int at)
    {
        while (_headerLength < HeaderSize)
        {
            if (at == received.Length)
            {
                return false;
            }

            _header[_headerLength++] = received[at++];
        }

        Check(_header[0], _header[1]);
        _remaining = (_header[1] & 0x7F) switch
        {
            126 => BinaryPrimitives.ReadUInt16BigEndian(_header.AsSpan(2)),
            127 => BinaryPrimitives.ReadUInt64BigEndian(_header.AsSpan(2)),
            var length => (ulong)length,
        };
        if (_remaining > long.MaxValue)
        {
            throw new InvalidDataException("The far end sent a frame whose length has its highest bit set.");
        }

        (_headerLength, _controlLength, _inFrame) = (0, 0, true);
        return true;
    }

    private int HeaderSize => _headerLength < 2 ? 2 : (_header[1] & 0x7F) switch { 126 => 4, 127 => 10, _ => 2 };

    private void Check(byte first, byte second)
    {
        _opcode = (WebSocketOpcode)(first & 0x0F);
        var final = (first & 0x80) != 0;
        var fault = _opcode switch
        {
            _ when (first & 0x70) != 0 => "uses an extension that was not agreed on",
            _ when (second & 0x80) != 0 => "is masked, which only a client's may be",
            >= WebSocketOpcode.Close and <= WebSocketOpcode.Pong when !final || second > WebSocketFrame.MaxControlPayload =>
                "is a control frame that is fragmented or longer than 125 bytes",
            WebSocketOpcode.Continuation when !_inMessage => "continues no message",
            WebSocketOpcode.Text or WebSocketOpcode.Binary when _inMessage => "starts a message inside another",
            <= WebSocketOpcode.Binary or (>= WebSocketOpcode.Close and <= WebSocketOpcode.Pong) => null,
            _ => "has an opcode that is not defined",
        };
        if (fault is not null)
        {
            throw new InvalidDataException($"The far end sent a WebSocket frame that {fault}.");
        }

        if (_opcode < WebSocketOpcode.Close)
        {
            _inMessage = !final;
        }
    }

    private void EndControl()
    {
        switch (_opcode)
        {
            case WebSocketOpcode.Close:
                CloseCode = _controlLength >= 2 ? BinaryPrimitives.ReadUInt16BigEndian(_control) : 1005;
                break;
            case WebSocketOpcode.Ping:
                Ping = _control[.._controlLength];
                break;
        }
    }
}
