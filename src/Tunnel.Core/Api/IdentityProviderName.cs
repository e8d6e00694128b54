namespace Tunnel.Core.Api;

/// <summary>What of an identity provider is needed to find it by its name.</summary>
internal sealed record IdentityProviderName : IApiResource
{
    public required string Id { get; init; }

    public string? Name { get; init; }
}
