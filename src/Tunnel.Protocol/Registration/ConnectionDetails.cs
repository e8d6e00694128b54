namespace Tunnel.Protocol.Registration;

/// <summary>What the edge tells of a registered connection: <c>ConnectionDetails</c> (0xb5f39f082b9ac18a).</summary>
/// <param name="ConnectionId">The connection's identifier; RFC 4122 byte order on the wire.</param>
/// <param name="LocationName">Where the connection ended, for example an airport's code.</param>
/// <param name="IsRemotelyManaged">
/// Whether the edge keeps the tunnel's configuration. If not, connection 0 sends it with <c>updateLocalConfiguration</c>.
/// </param>
public sealed record ConnectionDetails(Guid ConnectionId, string LocationName, bool IsRemotelyManaged);
