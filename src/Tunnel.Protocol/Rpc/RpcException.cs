namespace Tunnel.Protocol.Rpc;

/// <summary>
/// A call failed, the peer violated the protocol, or the connection ended: <c>Exception</c> of rpc.capnp, from the peer
/// or about it. Thrown by an <see cref="ICapability"/>, it is what the caller gets, text included.
/// </summary>
public sealed class RpcException : Exception
{
    /// <param name="type">How to react.</param>
    /// <param name="reason">What happened, for people.</param>
    /// <param name="innerException">Where it was noticed.</param>
    public RpcException(RpcExceptionType type, string reason, Exception? innerException = null)
        : base(reason, innerException) => Type = type;

    /// <summary>How to react.</summary>
    public RpcExceptionType Type { get; }
}
