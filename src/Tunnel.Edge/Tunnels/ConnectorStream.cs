namespace Tunnel.Edge.Tunnels;

/// <summary>One stream to a connector: a request whose body may go on while the answer's body already comes.</summary>
internal sealed class ConnectorStream(HttpRequestMessage request, HandedOutContent? content, HttpResponseMessage response, Action ended)
    : IDisposable
{
    private int _disposed;

    /// <summary>The connector's answer; its status 200 stands for 101 where a WebSocket was asked for.</summary>
    public HttpResponseMessage Response => response;

    /// <summary>Where bytes towards the connector go; only for a stream that was opened for both directions.</summary>
    public Task<Stream> Output => content?.Body ?? throw new InvalidOperationException("The request had a body of its own.");

    public Task<Stream> GetInputAsync(CancellationToken cancellationToken) =>
        response.Content.ReadAsStreamAsync(cancellationToken);

    /// <summary>Tells the connector that no more bytes come.</summary>
    public void CompleteOutput() => content?.Complete();

    public void Dispose()
    {
        if (Interlocked.Exchange(ref _disposed, 1) == 0)
        {
            response.Dispose();
            request.Dispose();
            ended();
        }
    }
}
