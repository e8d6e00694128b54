namespace Tunnel.Core.Api;

/// <summary>What <c>GET accounts/{account}/cfd_tunnel</c> filters by.</summary>
public sealed record TunnelFilter
{
    /// <summary>The whole name.</summary>
    public string? Name { get; init; }

    /// <summary>Only deleted (true) or only living tunnels (false, the default); null: both.</summary>
    public bool? IsDeleted { get; init; } = false;

    public string? Status { get; init; }
    public Guid? TunnelId { get; init; }
    public string? IncludePrefix { get; init; }
    public string? ExcludePrefix { get; init; }
}
