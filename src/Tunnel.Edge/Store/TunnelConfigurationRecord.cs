namespace Tunnel.Edge.Store;

/// <summary>The present remotely managed configuration of a tunnel.</summary>
/// <param name="TunnelId">The tunnel.</param>
/// <param name="Version">Counts up from 1; 0 while nothing was ever put.</param>
/// <param name="Config">The JSON object (<c>ingress</c>, <c>originRequest</c>, ...), or null at version 0.</param>
/// <param name="Source">Who wrote it.</param>
/// <param name="CreatedAt">When this version was put.</param>
public sealed record TunnelConfigurationRecord(
    Guid TunnelId,
    int Version,
    string? Config,
    TunnelConfigurationSource Source,
    DateTimeOffset CreatedAt);
