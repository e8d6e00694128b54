namespace Tunnel.Core.Api;

/// <summary>What a session is. Times are seconds since 1970.</summary>
public sealed record AccessActiveSessionMetadata
{
    /// <summary>The applications that it opened, by audience tag.</summary>
    public IReadOnlyDictionary<string, AccessActiveSessionApplication>? Apps { get; init; }

    public long? Expires { get; init; }
    public long? Iat { get; init; }

    /// <summary>Names the session: the <c>identity_nonce</c> of its tokens.</summary>
    public string? Nonce { get; init; }

    /// <summary>How many streams it has open now; told by the embedded edge only.</summary>
    public int? OpenStreams { get; init; }

    /// <summary>In seconds.</summary>
    public long? Ttl { get; init; }
}
