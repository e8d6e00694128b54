namespace Tunnel.Protocol.Registration;

/// <summary>
/// The edge's side of one control stream. <see cref="RegistrationServer"/> calls one method at a time, in the order in
/// which the connector asked. The token is cancelled when the connector gives the call up or the stream ends.
/// </summary>
public interface IRegistrationHandler
{
    /// <summary>Registers this connection.</summary>
    /// <exception cref="RegistrationException">Refused; the connector gets it as a <c>ConnectionError</c>.</exception>
    ValueTask<ConnectionDetails> RegisterAsync(RegistrationRequest request, CancellationToken cancellationToken);

    /// <summary>The connector shuts down: no new stream may be opened on its connection.</summary>
    ValueTask UnregisterAsync(CancellationToken cancellationToken);

    /// <summary>The configuration that a locally managed tunnel runs with, as JSON. Valid during the call only.</summary>
    ValueTask UpdateLocalConfigurationAsync(ReadOnlyMemory<byte> json, CancellationToken cancellationToken);
}
