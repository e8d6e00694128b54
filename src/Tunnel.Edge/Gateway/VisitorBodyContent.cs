using System.Net;

namespace Tunnel.Edge.Gateway;

/// <summary>
/// A visitor's request body on its way to a connector. Unlike <see cref="StreamContent"/> it lets the answer come
/// before the body has ended.
/// </summary>
/// <param name="ended">Called when the last of it has been sent.</param>
internal sealed class VisitorBodyContent(Stream body, Action ended) : HttpContent
{
    protected override Task SerializeToStreamAsync(Stream stream, TransportContext? context) =>
        SerializeToStreamAsync(stream, context, CancellationToken.None);

    protected override async Task SerializeToStreamAsync(Stream stream, TransportContext? context, CancellationToken cancellationToken)
    {
        await StreamPump.CopyAsync(body, stream, cancellationToken).ConfigureAwait(false);
        ended();
    }

    protected override bool TryComputeLength(out long length)
    {
        length = -1;
        return false;
    }
}
