using System.Text.Json;

namespace Tunnel.Core.Api;

/// <summary>One policy of an API token.</summary>
public sealed record ApiTokenPolicy
{
    /// <summary><c>allow</c> or <c>deny</c>.</summary>
    public string? Effect { get; init; }

    public IReadOnlyList<ApiPermissionGroup>? PermissionGroups { get; init; }

    /// <summary>An object whose members name resources, such as <c>com.cloudflare.api.account.zone.*</c>.</summary>
    public JsonElement Resources { get; init; }
}
