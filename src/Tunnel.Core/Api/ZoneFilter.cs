namespace Tunnel.Core.Api;

/// <summary>What <c>GET zones</c> filters by.</summary>
public sealed record ZoneFilter
{
    public string? AccountId { get; init; }

    /// <summary>The whole name; also <c>starts_with:</c>, <c>ends_with:</c> or <c>contains:</c> before a part.</summary>
    public string? Name { get; init; }

    public string? Status { get; init; }
}
