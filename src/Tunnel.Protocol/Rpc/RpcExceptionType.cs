namespace Tunnel.Protocol.Rpc;

/// <summary>How a caller may react to an exception: <c>Exception.Type</c> of rpc.capnp, with its numbers.</summary>
public enum RpcExceptionType
{
    /// <summary>A problem; the same call will likely fail again.</summary>
    Failed = 0,

    /// <summary>The peer lacks a resource for now.</summary>
    Overloaded = 1,

    /// <summary>The connection is gone.</summary>
    Disconnected = 2,

    /// <summary>The peer does not know the method.</summary>
    Unimplemented = 3,
}
