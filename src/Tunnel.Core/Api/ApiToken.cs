namespace Tunnel.Core.Api;

/// <summary>An API token, without its value.</summary>
public sealed record ApiToken : IApiResource
{
    public required string Id { get; init; }
    public string? Name { get; init; }

    /// <summary><c>active</c>, <c>disabled</c> or <c>expired</c>.</summary>
    public string? Status { get; init; }

    /// <summary>What the token may do.</summary>
    public IReadOnlyList<ApiTokenPolicy>? Policies { get; init; }

    public DateTimeOffset? IssuedOn { get; init; }
    public DateTimeOffset? ExpiresOn { get; init; }
}
