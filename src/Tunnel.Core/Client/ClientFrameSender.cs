using System.Buffers;
using Tunnel.Protocol.WebSockets;

namespace Tunnel.Core.Client;

/// <summary>The sending side of a visitor's stream: one frame at a time, whoever sends.</summary>
#pragma warning disable CA1001 // A semaphore holds nothing while its wait handle is not asked for; an answer may still use it.
internal sealed class ClientFrameSender(Stream transport)
#pragma warning restore CA1001
{
    /// <summary>RFC 6455, section 7.4.1: the purpose is fulfilled.</summary>
    private static readonly byte[] s_normalClosure = [1000 >> 8, 1000 & 0xFF];

    private readonly SemaphoreSlim _gate = new(1);
    private byte[]? _ping;
    private int _answering;
    private bool _ended;

    /// <exception cref="InvalidOperationException"><see cref="EndAsync"/> was called.</exception>
    public async ValueTask SendDataAsync(ReadOnlyMemory<byte> data, CancellationToken cancellationToken)
    {
        await _gate.WaitAsync(cancellationToken).ConfigureAwait(false);
        var frame = ArrayPool<byte>.Shared.Rent(ClientFrame.MaxFrame);
        try
        {
            if (_ended)
            {
                throw new InvalidOperationException("The end of the data has been sent already.");
            }

            while (!data.IsEmpty)
            {
                var part = data[..Math.Min(data.Length, ClientFrame.MaxPayload)];
                var length = ClientFrame.Write(frame, WebSocketOpcode.Binary, part.Span);
                await transport.WriteAsync(frame.AsMemory(0, length), cancellationToken).ConfigureAwait(false);
                data = data[part.Length..];
            }
        }
        finally
        {
            ArrayPool<byte>.Shared.Return(frame);
            _gate.Release();
        }
    }

    /// <summary>Sends the Close frame, once.</summary>
    public async ValueTask EndAsync(CancellationToken cancellationToken)
    {
        await _gate.WaitAsync(cancellationToken).ConfigureAwait(false);
        await EndAndReleaseAsync(cancellationToken).ConfigureAwait(false);
    }

    /// <summary>Like <see cref="EndAsync"/>, unless somebody is sending right now.</summary>
    public async ValueTask TryEndAsync(CancellationToken cancellationToken)
    {
        if (await _gate.WaitAsync(TimeSpan.Zero, CancellationToken.None).ConfigureAwait(false))
        {
            await EndAndReleaseAsync(cancellationToken).ConfigureAwait(false);
        }
    }

    /// <summary>Answers a ping as soon as may be; of several that wait, the newest (RFC 6455, section 5.5.3).</summary>
    /// <remarks>Aside: a reader that waits for the writer could wait for ever, when the far end reads only after it was read.</remarks>
    public void Answer(byte[] ping)
    {
        Volatile.Write(ref _ping, ping);
        if (Interlocked.Exchange(ref _answering, 1) == 0)
        {
            _ = Task.Run(AnswerAsync);
        }
    }

    private async Task AnswerAsync()
    {
        await _gate.WaitAsync().ConfigureAwait(false);
        try
        {
            Interlocked.Exchange(ref _answering, 0);
            if (Interlocked.Exchange(ref _ping, null) is { } ping && !_ended)
            {
                await SendControlAsync(WebSocketOpcode.Pong, ping, CancellationToken.None).ConfigureAwait(false);
            }
        }
        catch (Exception error) when (error is IOException or ObjectDisposedException)
        {
            // The connection is gone, which whoever reads will see.
        }
        finally
        {
            _gate.Release();
        }
    }

    private async ValueTask EndAndReleaseAsync(CancellationToken cancellationToken)
    {
        try
        {
            if (!_ended)
            {
                _ended = true;
                await SendControlAsync(WebSocketOpcode.Close, s_normalClosure, cancellationToken).ConfigureAwait(false);
            }
        }
        finally
        {
            _gate.Release();
        }
    }

    private async ValueTask SendControlAsync(WebSocketOpcode opcode, ReadOnlyMemory<byte> payload, CancellationToken cancellationToken)
    {
        var frame = new byte[payload.Length + 6];
        var length = ClientFrame.Write(frame, opcode, payload.Span);
        await transport.WriteAsync(frame.AsMemory(0, length), cancellationToken).ConfigureAwait(false);
    }
}
