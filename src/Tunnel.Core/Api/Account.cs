namespace Tunnel.Core.Api;

/// <summary>An account, as <c>GET accounts</c> tells it.</summary>
public sealed record Account : IApiResource
{
    public required string Id { get; init; }
    public string Name { get; init; } = "";
    public string? Type { get; init; }
    public DateTimeOffset? CreatedOn { get; init; }
}
