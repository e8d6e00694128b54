using Tunnel.Core.Api;

namespace Tunnel.Core.Users;

/// <summary>A person who is signed in, and what that opened.</summary>
public sealed record AccessSession
{
    /// <summary>Names the session: the <c>identity_nonce</c> of its tokens.</summary>
    public required string Nonce { get; init; }

    /// <summary>Whose it is.</summary>
    public required string UserId { get; init; }

    public string? Email { get; init; }

    /// <summary>When the person signed in.</summary>
    public DateTimeOffset? IssuedAt { get; init; }

    /// <summary>When the last of it is over.</summary>
    public DateTimeOffset? ExpiresAt { get; init; }

    /// <summary>The applications that it opened.</summary>
    public IReadOnlyList<AccessActiveSessionApplication> Applications { get; init; } = [];

    /// <summary>How many streams it has open now; null where the API does not tell, as Cloudflare's.</summary>
    public int? OpenStreams { get; init; }

    public override string ToString() => $"{Email ?? UserId} ({Nonce})";
}
