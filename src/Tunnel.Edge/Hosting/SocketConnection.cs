using System.IO.Pipelines;
using System.Net;
using System.Net.Sockets;
using Microsoft.AspNetCore.Connections;
using Microsoft.AspNetCore.Http.Features;

namespace Tunnel.Edge.Hosting;

/// <summary>
/// An accepted connection. What comes is read ahead, within bounds, whether or not somebody reads: that is how it is
/// noticed that the visitor has left. What goes out goes to the socket directly.
/// </summary>
internal sealed class SocketConnection : ConnectionContext
{
    private const int SegmentSize = 64 * 1024;

    private readonly Socket _socket;
    private readonly CancellationTokenSource _closed = new(); // has no timer: nothing to dispose of
    private readonly Pipe _input = new(new PipeOptions(
        // Who reads runs where the bytes came in; who has read enough does not also have to fetch more.
        readerScheduler: PipeScheduler.Inline,
        writerScheduler: PipeScheduler.ThreadPool,
        pauseWriterThreshold: 4 * SegmentSize,
        resumeWriterThreshold: 2 * SegmentSize,
        minimumSegmentSize: SegmentSize,
        useSynchronizationContext: false));

    private readonly Task _receiving;
    private int _disposed;

    public SocketConnection(Socket socket)
    {
        _socket = socket;
        var output = PipeWriter.Create(
            new NetworkStream(socket), new StreamPipeWriterOptions(minimumBufferSize: SegmentSize, leaveOpen: true));
        Transport = new DuplexPipe(_input.Reader, output);
        LocalEndPoint = socket.LocalEndPoint;
        RemoteEndPoint = socket.RemoteEndPoint;
        ConnectionId = Guid.NewGuid().ToString("n");
        ConnectionClosed = _closed.Token;
        _receiving = ReceiveAsync();
    }

    public override string ConnectionId { get; set; }

    public override IFeatureCollection Features { get; } = new FeatureCollection();

    public override IDictionary<object, object?> Items { get; set; } = new ConnectionItems();

    public override IDuplexPipe Transport { get; set; }

    public override CancellationToken ConnectionClosed { get; set; }

    public override EndPoint? LocalEndPoint { get; set; }

    public override EndPoint? RemoteEndPoint { get; set; }

    /// <summary>Resets the connection: the visitor can tell it from an end in order.</summary>
    public override void Abort(ConnectionAbortedException abortReason)
    {
        _input.Writer.CancelPendingFlush();
        _socket.Close(0);
    }

    public override async ValueTask DisposeAsync()
    {
        if (Interlocked.Exchange(ref _disposed, 1) == 1)
        {
            return;
        }

        try
        {
            _socket.Shutdown(SocketShutdown.Both);
        }
        catch (Exception error) when (error is SocketException or ObjectDisposedException)
        {
            // The visitor has gone first, or it was aborted.
        }

        _socket.Dispose();
        await _input.Reader.CompleteAsync().ConfigureAwait(false);
        await _receiving.ConfigureAwait(false);
        await base.DisposeAsync().ConfigureAwait(false);
    }

    private async Task ReceiveAsync()
    {
        Exception? fault = null;
        try
        {
            while (true)
            {
                // Without a place to put it: a connection on which nothing comes holds no buffer.
                await _socket.ReceiveAsync(Memory<byte>.Empty, SocketFlags.None).ConfigureAwait(false);
                var read = await _socket.ReceiveAsync(_input.Writer.GetMemory(SegmentSize), SocketFlags.None).ConfigureAwait(false);
                if (read == 0)
                {
                    break;
                }

                _input.Writer.Advance(read);
                var flushed = await _input.Writer.FlushAsync().ConfigureAwait(false);
                if (flushed.IsCompleted || flushed.IsCanceled)
                {
                    break;
                }
            }
        }
        catch (SocketException error) when (error.SocketErrorCode is SocketError.ConnectionReset)
        {
            fault = new ConnectionResetException(error.Message, error);
        }
        catch (Exception error) when (error is SocketException or ObjectDisposedException)
        {
            fault = new ConnectionAbortedException(error.Message, error);
        }

        await _input.Writer.CompleteAsync(fault).ConfigureAwait(false);
        // Aside: what is registered there may take its time.
        ThreadPool.UnsafeQueueUserWorkItem(static source => ((CancellationTokenSource)source!).Cancel(), _closed);
    }

    private sealed record DuplexPipe(PipeReader Input, PipeWriter Output) : IDuplexPipe;
}
