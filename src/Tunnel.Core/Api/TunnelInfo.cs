using System.Text.Json.Serialization;

namespace Tunnel.Core.Api;

/// <summary>A tunnel, as <c>accounts/{account}/cfd_tunnel</c> tells it.</summary>
public sealed record TunnelInfo : IApiResource
{
    public required string Id { get; init; }
    public required string Name { get; init; }
    public string? AccountTag { get; init; }

    /// <summary><c>inactive</c> (never ran), <c>healthy</c>, <c>degraded</c> or <c>down</c>.</summary>
    public string? Status { get; init; }

    /// <summary><c>local</c>: the connector's file holds the configuration; <c>cloudflare</c>: the API does.</summary>
    public string? ConfigSrc { get; init; }

    public bool? RemoteConfig { get; init; }
    public string? TunType { get; init; }
    public IReadOnlyList<TunnelConnectionInfo>? Connections { get; init; }
    public DateTimeOffset? CreatedAt { get; init; }
    public DateTimeOffset? DeletedAt { get; init; }
    public DateTimeOffset? ConnsActiveAt { get; init; }
    public DateTimeOffset? ConnsInactiveAt { get; init; }

    /// <summary>The tunnel token: a secret, told only in the answer to a creation.</summary>
    public string? Token { get; init; }

    /// <summary>The API's answer shows deleted tunnels too; some versions write the year 1 for "not deleted".</summary>
    [JsonIgnore]
    public bool IsDeleted => DeletedAt is { Year: > 1 };

    public override string ToString() => $"{Name} ({Id})";
}
