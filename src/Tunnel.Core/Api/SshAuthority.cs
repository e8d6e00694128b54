namespace Tunnel.Core.Api;

/// <summary>The authority that signs short-lived SSH certificates for one application.</summary>
public sealed record SshAuthority : IApiResource
{
    public string Id { get; init; } = "";

    /// <summary>The audience tag of the application.</summary>
    public string? Aud { get; init; }

    /// <summary>A line for the file that sshd's <c>TrustedUserCAKeys</c> names.</summary>
    public string? PublicKey { get; init; }
}
