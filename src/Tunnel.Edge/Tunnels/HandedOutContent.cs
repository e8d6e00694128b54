using System.Net;

namespace Tunnel.Edge.Tunnels;

/// <summary>A request body that is written by whoever holds <see cref="Body"/>, for as long as they like.</summary>
internal sealed class HandedOutContent : HttpContent
{
    private readonly TaskCompletionSource<Stream> _body = new(TaskCreationOptions.RunContinuationsAsynchronously);
    private readonly TaskCompletionSource _written = new(TaskCreationOptions.RunContinuationsAsynchronously);

    /// <summary>The stream to write to, once the request is on its way.</summary>
    public Task<Stream> Body => _body.Task;

    /// <summary>Ends the body: the peer sees the end of the stream.</summary>
    public void Complete() => _written.TrySetResult();

    protected override Task SerializeToStreamAsync(Stream stream, TransportContext? context) =>
        SerializeToStreamAsync(stream, context, CancellationToken.None);

    protected override async Task SerializeToStreamAsync(Stream stream, TransportContext? context, CancellationToken cancellationToken)
    {
        // Without a flush the headers wait for the first byte of the body, which may wait for the answer.
        await stream.FlushAsync(cancellationToken).ConfigureAwait(false);
        _body.TrySetResult(stream);
        await _written.Task.WaitAsync(cancellationToken).ConfigureAwait(false);
    }

    protected override bool TryComputeLength(out long length)
    {
        length = -1;
        return false;
    }

    protected override void Dispose(bool disposing)
    {
        _body.TrySetCanceled();
        _written.TrySetResult();
        base.Dispose(disposing);
    }
}
