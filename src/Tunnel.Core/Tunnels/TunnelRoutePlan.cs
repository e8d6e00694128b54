using Tunnel.Core.Api;

namespace Tunnel.Core.Tunnels;

/// <summary>What has to happen so that a hostname leads to a tunnel, found out without changing anything.</summary>
public sealed class TunnelRoutePlan
{
    internal TunnelRoutePlan(Zone zone, TunnelInfo tunnel, HostnameRoute route)
    {
        Zone = zone;
        Tunnel = tunnel;
        Route = route;
    }

    public required string Hostname { get; init; }

    /// <summary>What would be done, in one line.</summary>
    public required string Step { get; init; }

    /// <summary>What a person should know before, one line each.</summary>
    public required IReadOnlyList<string> Warnings { get; init; }

    /// <summary>Whether the hostname leads to the tunnel already.</summary>
    public bool IsDone => Route.Change == HostnameRouteChange.None;

    internal Zone Zone { get; }

    internal TunnelInfo Tunnel { get; }

    internal HostnameRoute Route { get; }
}
