using System.Buffers;
using System.IO.Pipelines;
using System.Net.Sockets;
using Tunnel.Protocol.WebSockets;

namespace Tunnel.Core.Connector;

/// <summary>
/// Ends a visitor's WebSocket and speaks plain TCP to the service. Each direction ends on its own, so that what was
/// sent before an end still arrives, and each waits for its slower side, so that a stream's memory is bounded.
/// </summary>
/// <remarks>
/// On pipes rather than <see cref="System.Net.WebSockets.WebSocket"/>: the service's bytes are received straight into
/// the response's memory, the visitor's are unmasked on the one copy that is needed, and an idle stream holds nothing.
/// </remarks>
internal sealed class WebSocketRelay(PipeReader visitor, PipeWriter toVisitor, TcpOrigin origin, TimeProvider time) : IDisposable
{
    /// <summary>
    /// Bytes a read in either direction: with the headers of the HTTP/2 frames that they are sent in (nine bytes for each
    /// 16 KiB) they fill a segment of the connection. More would go out as a second, tiny write.
    /// </summary>
    private const int BufferSize = DialedConnection.SegmentSize - 64;

    /// <summary>cloudflared's interval: shorter than the idle limits of the proxies on the way.</summary>
    private static readonly TimeSpan s_keepAlive = TimeSpan.FromSeconds(54);

    /// <summary>How long a visitor who was told the end may take to agree.</summary>
    private static readonly TimeSpan s_closeTimeout = TimeSpan.FromSeconds(5);

    /// <summary>Statuses 1000 and 1011 (RFC 6455, section 7.4.1): the service ended, and the service broke off.</summary>
    private static readonly byte[] s_normalClosure = [0x03, 0xE8];
    private static readonly byte[] s_internalError = [0x03, 0xF3];

    private readonly WebSocketDecoder _decoder = new();
    private readonly SemaphoreSlim _writing = new(1);
    private bool _closeSent;
    private bool _wrote;

    /// <summary>Runs until both directions have ended, or the visitor is gone.</summary>
    /// <param name="gone">Cancelled when the visitor's stream is cut off.</param>
    public async Task RunAsync(CancellationToken gone)
    {
        using var ended = CancellationTokenSource.CreateLinkedTokenSource(gone);
        var up = VisitorToServiceAsync(ended.Token);
        var down = ServiceToVisitorAsync(ended.Token);
        var alive = KeepAliveAsync(ended.Token);
        var first = await Task.WhenAny(up, down).ConfigureAwait(false);
        var inOrder = await first.ConfigureAwait(false);
        if (inOrder && first == down)
        {
            // The service has ended: all that is left to the visitor is to agree.
            await ((Task)up).WaitAsync(s_closeTimeout, time, gone).ConfigureAwait(ConfigureAwaitOptions.SuppressThrowing);
        }
        else if (inOrder)
        {
            // The visitor has closed its half and still reads.
            await down.ConfigureAwait(false);
        }

        await ended.CancelAsync().ConfigureAwait(false);
        await Task.WhenAll(up, down, alive).ConfigureAwait(false);
    }

    public void Dispose() => _writing.Dispose();

    /// <returns>Whether the visitor said the end; false when it is simply gone.</returns>
    private async Task<bool> VisitorToServiceAsync(CancellationToken cancellationToken)
    {
        try
        {
            while (true)
            {
                var read = await visitor.ReadAsync(cancellationToken).ConfigureAwait(false);
                var buffer = ArrayPool<byte>.Shared.Rent(BufferSize);
                try
                {
                    var input = read.Buffer;
                    while (_decoder.Read(ref input, buffer, out var written) is { } opcode)
                    {
                        switch (opcode)
                        {
                            case WebSocketOpcode.Close:
                                visitor.AdvanceTo(input.Start);
                                origin.CompleteWrites();
                                return true;
                            case WebSocketOpcode.Ping:
                                await SendControlAsync(WebSocketOpcode.Pong, _decoder.Control, cancellationToken).ConfigureAwait(false);
                                break;
                            case WebSocketOpcode.Binary:
                                await origin.WriteAsync(buffer.AsMemory(0, written), cancellationToken).ConfigureAwait(false);
                                break;
                        }
                    }

                    visitor.AdvanceTo(input.Start, input.End);
                }
                finally
                {
                    ArrayPool<byte>.Shared.Return(buffer);
                }

                if (read.IsCompleted)
                {
                    return false;
                }
            }
        }
        catch (Exception error) when (IsEnd(error))
        {
            return false;
        }
    }

    /// <returns>Whether the service ended in order; false when it broke off or the visitor is gone.</returns>
    private async Task<bool> ServiceToVisitorAsync(CancellationToken cancellationToken)
    {
        try
        {
            while (true)
            {
                await origin.WaitToReadAsync(cancellationToken).ConfigureAwait(false);
                await _writing.WaitAsync(cancellationToken).ConfigureAwait(false);
                try
                {
                    if (!await ForwardAsync(cancellationToken).ConfigureAwait(false))
                    {
                        return true;
                    }
                }
                finally
                {
                    _writing.Release();
                }
            }
        }
        catch (SocketException)
        {
            await BreakOffAsync(cancellationToken).ConfigureAwait(false);
            return false;
        }
        catch (Exception error) when (IsEnd(error))
        {
            return false;
        }
    }

    /// <summary>Tells the visitor that the service did not end in order.</summary>
    private async Task BreakOffAsync(CancellationToken cancellationToken)
    {
        try
        {
            await SendControlAsync(WebSocketOpcode.Close, s_internalError, cancellationToken).ConfigureAwait(false);
        }
        catch (Exception error) when (IsEnd(error))
        {
            // The visitor is gone too.
        }
    }

    /// <summary>Receives straight into the response, behind the room for the frame's header.</summary>
    /// <returns>False when the service has sent its last.</returns>
    private async ValueTask<bool> ForwardAsync(CancellationToken cancellationToken)
    {
        var memory = toVisitor.GetMemory(BufferSize);
        var payload = memory[WebSocketFrame.MaxHeaderSize..BufferSize];
        var length = await origin.ReadAsync(payload, cancellationToken).ConfigureAwait(false);
        if (length == 0)
        {
            await WriteControlAsync(WebSocketOpcode.Close, s_normalClosure, cancellationToken).ConfigureAwait(false);
            return false;
        }

        var header = WebSocketFrame.HeaderSize(length);
        if (header < WebSocketFrame.MaxHeaderSize)
        {
            payload[..length].CopyTo(memory[header..]);
        }

        WebSocketFrame.WriteHeader(memory.Span, WebSocketOpcode.Binary, length);
        toVisitor.Advance(header + length);
        _wrote = true;
        return !(await toVisitor.FlushAsync(cancellationToken).ConfigureAwait(false)).IsCompleted;
    }

    private async Task KeepAliveAsync(CancellationToken cancellationToken)
    {
        using var timer = new PeriodicTimer(s_keepAlive, time);
        try
        {
            while (await timer.WaitForNextTickAsync(cancellationToken).ConfigureAwait(false))
            {
                if (!_wrote)
                {
                    await SendControlAsync(WebSocketOpcode.Ping, default, cancellationToken).ConfigureAwait(false);
                }

                _wrote = false;
            }
        }
        catch (Exception error) when (IsEnd(error))
        {
            // The stream has ended.
        }
    }

    private async ValueTask SendControlAsync(WebSocketOpcode opcode, ReadOnlyMemory<byte> payload, CancellationToken cancellationToken)
    {
        await _writing.WaitAsync(cancellationToken).ConfigureAwait(false);
        try
        {
            await WriteControlAsync(opcode, payload, cancellationToken).ConfigureAwait(false);
        }
        finally
        {
            _writing.Release();
        }
    }

    private async ValueTask WriteControlAsync(WebSocketOpcode opcode, ReadOnlyMemory<byte> payload, CancellationToken cancellationToken)
    {
        if (_closeSent)
        {
            return;
        }

        _closeSent = opcode == WebSocketOpcode.Close;
        var frame = toVisitor.GetMemory(2 + payload.Length);
        WebSocketFrame.WriteHeader(frame.Span, opcode, payload.Length);
        payload.CopyTo(frame[2..]);
        toVisitor.Advance(2 + payload.Length);
        await toVisitor.FlushAsync(cancellationToken).ConfigureAwait(false);
    }

    private static bool IsEnd(Exception error) => error is OperationCanceledException or IOException or SocketException
        or WebSocketFormatException;
}
