namespace Tunnel.Edge.Store;

/// <summary>
/// One sign-in of a person: what the organisation's token stands for, and the applications' tokens that it earned.
/// Immutable: a change is another record.
/// </summary>
public sealed record AccessSessionRecord
{
    /// <summary>Names the session: the <c>identity_nonce</c> of its tokens. 16 letters and digits; not a secret.</summary>
    public required string Nonce { get; init; }

    /// <summary>Who signed in.</summary>
    public required Guid UserId { get; init; }

    /// <summary>The address that was proven, in lower case.</summary>
    public required string Email { get; init; }

    /// <summary>The id of the identity provider; empty where the edge's own one-time PIN needed none.</summary>
    public required string ProviderId { get; init; }

    /// <summary>Such as <c>onetimepin</c> or <c>oidc</c>.</summary>
    public required string ProviderType { get; init; }

    /// <summary>What the provider vouched for beside the address: a JSON object, such as claims and groups.</summary>
    public string Claims { get; init; } = "{}";

    /// <summary>Where the sign-in came from.</summary>
    public required string Address { get; init; }

    /// <summary>The browser, by its own word.</summary>
    public required string UserAgent { get; init; }

    /// <summary>When the person signed in.</summary>
    public required DateTimeOffset IssuedAt { get; init; }

    /// <summary>From then on it opens no further application. One that is open has a time of its own.</summary>
    public required DateTimeOffset ExpiresAt { get; init; }

    /// <summary>What it opened.</summary>
    public IReadOnlyList<AccessApplicationSession> Applications { get; init; } = [];

    /// <summary>What the person said they come for.</summary>
    public IReadOnlyList<AccessPurpose> Purposes { get; init; } = [];

    /// <summary>When the last of it is over.</summary>
    public DateTimeOffset EndsAt => Applications.Select(a => a.ExpiresAt).Append(ExpiresAt).Max();
}
