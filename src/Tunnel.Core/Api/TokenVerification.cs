namespace Tunnel.Core.Api;

/// <summary>What the API says of the token that this client uses.</summary>
public sealed record TokenVerification : IApiResource
{
    public required string Id { get; init; }

    /// <summary><c>active</c>, <c>disabled</c> or <c>expired</c>.</summary>
    public string? Status { get; init; }

    public DateTimeOffset? NotBefore { get; init; }
    public DateTimeOffset? ExpiresOn { get; init; }
}
