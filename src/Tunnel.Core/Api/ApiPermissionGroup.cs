namespace Tunnel.Core.Api;

/// <summary>A permission group that a token's policy names, such as <c>DNS Write</c>.</summary>
public sealed record ApiPermissionGroup
{
    public string? Id { get; init; }
    public string? Name { get; init; }
}
