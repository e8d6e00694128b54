namespace Tunnel.Protocol.Registration;

/// <summary>Who the connector is: <c>ClientInfo</c> (0x83ced0145b2f114b) of tunnelrpc.capnp.</summary>
/// <param name="ClientId">One per connector process, the same on all its connections. RFC 4122 byte order on the wire.</param>
/// <param name="Features">What the connector supports, for example <c>serialized_headers</c>.</param>
/// <param name="Version">The connector's version.</param>
/// <param name="Arch">Operating system and processor, for example <c>linux_amd64</c>.</param>
public sealed record ClientInfo(Guid ClientId, IReadOnlyList<string> Features, string Version, string Arch);
