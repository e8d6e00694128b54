using System.Text.Json;

namespace Tunnel.Core.Api;

/// <summary>The configuration that the API keeps for a tunnel.</summary>
public sealed record RemoteTunnelConfiguration
{
    public string? TunnelId { get; init; }
    public int Version { get; init; }

    /// <summary><c>local</c> or <c>cloudflare</c>.</summary>
    public string? Source { get; init; }

    /// <summary>The configuration's JSON (<c>ingress</c>, <c>originRequest</c>, ...), or null.</summary>
    public JsonElement? Config { get; init; }

    public DateTimeOffset? CreatedAt { get; init; }
}
