namespace Tunnel.Protocol.Streams;

/// <summary>What one HTTP/2 stream between edge and connector carries.</summary>
public enum StreamKind
{
    /// <summary>One HTTP request.</summary>
    Http,

    /// <summary>A WebSocket, whose frames pass through the stream's bodies.</summary>
    WebSocket,

    /// <summary>Raw bytes to the request's host and port.</summary>
    Tcp,

    /// <summary>The registration RPC.</summary>
    Control,

    /// <summary>A configuration push.</summary>
    Configuration,
}
