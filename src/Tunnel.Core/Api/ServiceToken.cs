namespace Tunnel.Core.Api;

/// <summary>A token for a machine: an id and a secret that the visitor's client sends in headers.</summary>
public sealed record ServiceToken : IApiResource
{
    public required string Id { get; init; }
    public string? Name { get; init; }

    /// <summary>What <c>CF-Access-Client-Id</c> carries.</summary>
    public string? ClientId { get; init; }

    /// <summary>What <c>CF-Access-Client-Secret</c> carries: told once, when the token is created or rotated.</summary>
    public string? ClientSecret { get; init; }

    /// <summary>Such as <c>8760h</c>, or <c>forever</c>.</summary>
    public string? Duration { get; init; }

    public bool? Enabled { get; init; }

    /// <summary>Counts up with each rotation.</summary>
    public int? ClientSecretVersion { get; init; }

    /// <summary>Until when the secret before the last rotation is accepted.</summary>
    public DateTimeOffset? PreviousClientSecretExpiresAt { get; init; }

    public DateTimeOffset? ExpiresAt { get; init; }
    public DateTimeOffset? LastSeenAt { get; init; }
    public DateTimeOffset? CreatedAt { get; init; }
    public DateTimeOffset? UpdatedAt { get; init; }

    public override string ToString() => $"{Name} ({Id})";
}
