namespace Tunnel.Protocol.Registration;

/// <summary>The parameters of <c>registerConnection</c>.</summary>
/// <param name="Auth">The account and the tunnel's secret.</param>
/// <param name="TunnelId">The tunnel; RFC 4122 byte order on the wire.</param>
/// <param name="ConnectionIndex">Which of the connector's connections this is, from 0.</param>
/// <param name="Options">The connector and its wishes.</param>
public sealed record RegistrationRequest(
    TunnelAuth Auth,
    Guid TunnelId,
    byte ConnectionIndex,
    ConnectionOptions Options);
