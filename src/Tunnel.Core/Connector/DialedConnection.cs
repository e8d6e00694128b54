using System.IO.Pipelines;
using System.Net;
using Microsoft.AspNetCore.Connections;
using Microsoft.AspNetCore.Http.Features;

namespace Tunnel.Core.Connector;

/// <summary>A connection that we dialled, in the form in which Kestrel takes accepted ones.</summary>
internal sealed class DialedConnection : ConnectionContext
{
    /// <summary>Bytes that go out in one write, headers of frames included; as many come in with one read.</summary>
    public const int SegmentSize = 64 * 1024;

    private readonly DialedEdge _edge;
    private readonly CancellationTokenSource _closed = new();
    private readonly TaskCompletionSource _disposed = new(TaskCreationOptions.RunContinuationsAsynchronously);
    private int _disposing;

    public DialedConnection(DialedEdge edge)
    {
        _edge = edge;
        // Zero-byte reads: a connection without traffic holds no buffer.
        var input = PipeReader.Create(edge.Stream, new StreamPipeReaderOptions(
            bufferSize: SegmentSize, minimumReadSize: 4 * 1024, leaveOpen: true, useZeroByteReads: true));
        var output = PipeWriter.Create(edge.Stream, new StreamPipeWriterOptions(
            minimumBufferSize: SegmentSize, leaveOpen: true));
        Transport = new DuplexPipe(input, output);
        LocalEndPoint = edge.LocalEndPoint;
        RemoteEndPoint = edge.RemoteEndPoint;
        ConnectionId = Guid.NewGuid().ToString("n");
        ConnectionClosed = _closed.Token;
    }

    public override string ConnectionId { get; set; }

    public override IFeatureCollection Features { get; } = new FeatureCollection();

    public override IDictionary<object, object?> Items { get; set; } = new ConnectionItems();

    public override IDuplexPipe Transport { get; set; }

    public override CancellationToken ConnectionClosed { get; set; }

    public override EndPoint? LocalEndPoint { get; set; }

    public override EndPoint? RemoteEndPoint { get; set; }

    /// <summary>Completes when Kestrel is done with the connection and the socket is closed.</summary>
    public Task Disposed => _disposed.Task;

    public override void Abort(ConnectionAbortedException abortReason)
    {
        if (Volatile.Read(ref _disposing) == 0)
        {
            _edge.Socket.Dispose();
        }
    }

    public override async ValueTask DisposeAsync()
    {
        if (Interlocked.Exchange(ref _disposing, 1) == 1)
        {
            return;
        }

        await _closed.CancelAsync().ConfigureAwait(false);
        await _edge.Stream.DisposeAsync().ConfigureAwait(false);
        await base.DisposeAsync().ConfigureAwait(false);
        _closed.Dispose();
        _disposed.TrySetResult();
    }

    private sealed record DuplexPipe(PipeReader Input, PipeWriter Output) : IDuplexPipe;
}
