using System.Net;

namespace Tunnel.Access;

/// <summary>What has been proven about a visitor. What was only claimed does not belong here.</summary>
public sealed record AccessVisitor
{
    /// <summary>The address that an identity provider vouches for; null for a visitor who has not signed in.</summary>
    public string? Email { get; init; }

    /// <summary>Whether an identity provider vouches for the visitor.</summary>
    public bool IsSignedIn => !string.IsNullOrEmpty(Email);

    /// <summary>Where the connection comes from.</summary>
    public IPAddress? Address { get; init; }

    /// <summary>The API's id of the service token whose secret was shown and is valid now; null for none.</summary>
    public string? ServiceTokenId { get; init; }

    /// <summary>That token's name, for reasons and logs.</summary>
    public string? ServiceTokenName { get; init; }
}
