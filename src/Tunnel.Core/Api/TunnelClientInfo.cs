namespace Tunnel.Core.Api;

/// <summary>A connector that runs a tunnel, with its connections.</summary>
public sealed record TunnelClientInfo : IApiResource
{
    public required string Id { get; init; }
    public string? Version { get; init; }
    public string? Arch { get; init; }
    public IReadOnlyList<string>? Features { get; init; }
    public DateTimeOffset? RunAt { get; init; }
    public int? ConfigVersion { get; init; }
    public IReadOnlyList<TunnelConnectionInfo>? Conns { get; init; }
}
