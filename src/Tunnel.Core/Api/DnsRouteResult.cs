namespace Tunnel.Core.Api;

/// <summary>What <c>PUT zones/{zone}/tunnels/{tunnel}/routes</c> did.</summary>
public sealed record DnsRouteResult
{
    /// <summary><c>new</c>, <c>updated</c> or <c>unchanged</c>.</summary>
    public string? Cname { get; init; }

    /// <summary>The hostname that is routed now.</summary>
    public string? Name { get; init; }
}
