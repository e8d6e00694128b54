namespace Tunnel.Edge.Store;

/// <summary>A sign-in that has succeeded, to be made a session.</summary>
public sealed record AccessSignIn
{
    /// <summary>The address that was proven.</summary>
    public required string Email { get; init; }

    /// <summary>As the identity provider has it; null where it said none.</summary>
    public string? Name { get; init; }

    /// <summary>The id of the identity provider; empty where the edge's own one-time PIN needed none.</summary>
    public string ProviderId { get; init; } = "";

    /// <summary>Such as <c>onetimepin</c> or <c>oidc</c>.</summary>
    public required string ProviderType { get; init; }

    /// <summary>What the provider vouched for beside the address: a JSON object.</summary>
    public string Claims { get; init; } = "{}";

    /// <summary>Where the sign-in came from.</summary>
    public required string Address { get; init; }

    /// <summary>The browser, by its own word.</summary>
    public required string UserAgent { get; init; }

    /// <summary>How long the session opens further applications.</summary>
    public required TimeSpan Duration { get; init; }
}
