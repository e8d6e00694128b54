using System.IO.Pipelines;
using Tunnel.Protocol.Rpc;

namespace Tunnel.Protocol.Registration;

/// <summary>
/// The edge's side of a control stream: serves the interface <c>RegistrationServer</c> of tunnelrpc.capnp to a connector.
/// A method or interface that it does not have is returned as <c>unimplemented</c>.
/// </summary>
/// <example><code>await new RegistrationServer(controlStream, handler).RunAsync(cancellationToken);</code></example>
public sealed class RegistrationServer
{
    private readonly RpcConnection _connection;

    /// <param name="transport">The control stream: input is what the connector sends. Completed by <see cref="RunAsync"/>.</param>
    /// <param name="handler">What a connector's calls do.</param>
    /// <param name="options">Bounds; <see cref="RpcOptions.Default"/> if null.</param>
    public RegistrationServer(IDuplexPipe transport, IRegistrationHandler handler, RpcOptions? options = null)
    {
        ArgumentNullException.ThrowIfNull(handler);
        _connection = new RpcConnection(transport, options, new RegistrationCapability(handler));
    }

    /// <summary>What the connector said as it aborted, "rpc: shutdown" after a graceful end; null if it did not.</summary>
    public string? AbortReason => _connection.PeerAbort?.Message;

    /// <summary>
    /// Serves until the connector ends the stream or aborts; calls that still run are cancelled then, and waited for.
    /// Both directions of the transport are completed whichever way it ends.
    /// </summary>
    /// <exception cref="RpcException">
    /// The connector violated the protocol (<see cref="RpcExceptionType.Failed"/>; it is sent an Abort), or the transport
    /// broke (<see cref="RpcExceptionType.Disconnected"/>).
    /// </exception>
    public Task RunAsync(CancellationToken cancellationToken) => _connection.RunAsync(cancellationToken);
}
