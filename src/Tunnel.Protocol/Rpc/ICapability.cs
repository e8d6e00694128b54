namespace Tunnel.Protocol.Rpc;

/// <summary>An object that the peer may call.</summary>
public interface ICapability
{
    /// <summary>
    /// Runs one call. Calls come one at a time, in the order in which the peer made them. Malformed parameters may be
    /// left to throw <see cref="CapnProto.CapnProtoException"/>: the call then fails and the connection goes on.
    /// </summary>
    /// <param name="call">The method, its parameters, and where its results go.</param>
    /// <param name="cancellationToken">Cancelled when the peer gives the call up or the connection ends.</param>
    /// <exception cref="RpcException">What the caller is to get, for example that the method is unknown.</exception>
    ValueTask CallAsync(RpcCall call, CancellationToken cancellationToken);
}
