using System.Net;

namespace Tunnel.Protocol.Registration;

/// <summary>How a connection is to be registered: <c>ConnectionOptions</c> (0xb4bf9861fe035d04) of tunnelrpc.capnp.</summary>
/// <param name="Client">The connector.</param>
/// <param name="OriginLocalIp">The connector's own address on the way to the edge; 4 or 16 bytes on the wire.</param>
/// <param name="ReplaceExisting">Whether a connection with the same index is to be replaced instead of refused.</param>
/// <param name="CompressionQuality">0 (off) to 3 (high).</param>
/// <param name="PreviousAttempts">Registrations of this connection that failed before this one.</param>
public sealed record ConnectionOptions(
    ClientInfo Client,
    IPAddress? OriginLocalIp,
    bool ReplaceExisting,
    byte CompressionQuality,
    byte PreviousAttempts);
