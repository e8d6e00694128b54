namespace Tunnel.Core.Api;

/// <summary>A session of a person that is not over, as the API lists it. Times are seconds since 1970.</summary>
public sealed record AccessActiveSession : IApiResource
{
    public string? Name { get; init; }

    /// <summary>When the last of it is over.</summary>
    public long? Expiration { get; init; }

    public AccessActiveSessionMetadata? Metadata { get; init; }

    string IApiResource.Id => Metadata?.Nonce ?? Name ?? "";
}
