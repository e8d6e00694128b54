namespace Tunnel.Edge.Store;

/// <summary>What the request log can be filtered by.</summary>
public enum AccessRequestField
{
    /// <summary><see cref="AccessRequestEntry.Allowed"/>, as <c>true</c> or <c>false</c>.</summary>
    Allowed,

    /// <summary><see cref="AccessRequestEntry.ApplicationId"/>.</summary>
    ApplicationId,

    /// <summary><see cref="AccessRequestEntry.ApplicationType"/>.</summary>
    ApplicationType,

    /// <summary><see cref="AccessRequestEntry.Country"/>.</summary>
    Country,

    /// <summary><see cref="AccessRequestEntry.UserEmail"/>.</summary>
    Email,

    /// <summary><see cref="AccessRequestEntry.IdentityProviderId"/>, or <see cref="AccessRequestEntry.Connection"/>.</summary>
    IdentityProvider,

    /// <summary>Whether a service token was shown, as <c>true</c> or <c>false</c>.</summary>
    NonIdentity,

    /// <summary><see cref="AccessRequestEntry.RayId"/>.</summary>
    RayId,
}
