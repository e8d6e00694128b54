namespace Tunnel.Core.Api;

/// <summary>One connection of a connector to an edge location.</summary>
public sealed record TunnelConnectionInfo : IApiResource
{
    public string Id { get; init; } = "";
    public string? ClientId { get; init; }
    public string? ClientVersion { get; init; }
    public string? ColoName { get; init; }
    public bool? IsPendingReconnect { get; init; }
    public string? OriginIp { get; init; }
    public DateTimeOffset? OpenedAt { get; init; }
}
