using System.Net;

namespace Tunnel.Core.Ingress;

/// <summary>What the host may still reach when outbound is limited. Name service, time and DHCP always.</summary>
public sealed record OutboundLimits
{
    /// <summary>End points, TCP and UDP: the edge's addresses, and what proves the tunnel.</summary>
    public required IReadOnlyList<IPEndPoint> EndPoints { get; init; }
}
