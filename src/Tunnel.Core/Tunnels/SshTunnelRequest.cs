namespace Tunnel.Core.Tunnels;

/// <summary>What a person asks for: a hostname, and what stands behind it.</summary>
public sealed record SshTunnelRequest
{
    /// <summary>The whole hostname, in a zone of the account.</summary>
    public required string Hostname { get; init; }

    /// <summary>Where the connector carries streams: <c>ssh://host:port</c> or <c>tcp://host:port</c>.</summary>
    public string Url { get; init; } = "ssh://localhost:22";

    /// <summary>The tunnel's name in the account. Null: the hostname.</summary>
    public string? Name { get; init; }

    /// <summary>Goes on when no Access application covers the hostname: everybody can connect then.</summary>
    public bool AllowUnprotected { get; init; }

    /// <summary>Takes the hostname over from a DNS record that is not a tunnel's, or from another tunnel.</summary>
    public bool Force { get; init; }

    /// <summary>
    /// The connector itself refuses what carries no valid Access token of the hostname's application, so that a route that
    /// somebody else has got hold of reaches nothing.
    /// </summary>
    public bool RequireAccess { get; init; }

    /// <summary>How many connections to the edge to keep, 1 to 255. Null: the service's.</summary>
    public int? Connections { get; init; }
}
