using System.Text.Json;

namespace Tunnel.Edge.Tunnels;

/// <summary>
/// The connectors that are registered at this edge now. They live in memory only: a tunnel's rows in the store say
/// nothing about who is connected.
/// </summary>
public interface ITunnelConnections
{
    /// <summary>The connections of one tunnel, in any order; empty when none is registered.</summary>
    IReadOnlyList<TunnelConnectionState> ForTunnel(Guid tunnelId);

    /// <summary>What the last connector of a locally managed tunnel said that it runs with, as JSON; null if none did.</summary>
    string? LocalConfiguration(Guid tunnelId);

    /// <summary>
    /// Closes the tunnel's connections, or only those of one connector, and returns when they are no longer listed.
    /// </summary>
    Task DisconnectAsync(Guid tunnelId, Guid? clientId, CancellationToken cancellationToken);

    /// <summary>Sends a remotely managed configuration to every connector of the tunnel.</summary>
    /// <param name="tunnelId">The tunnel.</param>
    /// <param name="version">Counts up from 1 with each change (0 is the empty configuration of a new tunnel).</param>
    /// <param name="config">The document as it was put: <c>ingress</c>, <c>originRequest</c>, <c>warp-routing</c>.</param>
    /// <param name="cancellationToken">Cancels the wait, not what was sent.</param>
    Task PushConfigurationAsync(Guid tunnelId, int version, JsonElement config, CancellationToken cancellationToken);
}
