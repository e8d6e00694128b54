using System.Net;

namespace Tunnel.Edge.Tunnels;

/// <summary>One registered connection of a connector, as the API shows it.</summary>
public sealed record TunnelConnectionState
{
    /// <summary>The connection's id, given by the edge when it registered.</summary>
    public required Guid Id { get; init; }

    /// <summary>The connector; its four connections share it.</summary>
    public required Guid ClientId { get; init; }

    /// <summary>The connector's version, in its own words.</summary>
    public required string Version { get; init; }

    /// <summary>Operating system and processor, such as <c>linux_amd64</c>.</summary>
    public required string Arch { get; init; }

    /// <summary>What the connector says it can do.</summary>
    public required IReadOnlyList<string> Features { get; init; }

    /// <summary>The data centre's name that the connector was told.</summary>
    public required string ColoName { get; init; }

    /// <summary>Where the connection comes from.</summary>
    public required IPAddress OriginIp { get; init; }

    /// <summary>When it registered.</summary>
    public required DateTimeOffset OpenedAt { get; init; }

    /// <summary>0 to 3 for a connector with the usual four connections.</summary>
    public required int ConnIndex { get; init; }

    /// <summary>Kept by the API for old clients; always false.</summary>
    public bool IsPendingReconnect { get; init; }
}
