namespace Tunnel.Edge.Store;

/// <summary>A domain that the edge serves.</summary>
public sealed record ZoneRecord
{
    /// <summary>32 hex characters.</summary>
    public required string Id { get; init; }

    /// <summary>The owning account.</summary>
    public required string AccountId { get; init; }

    /// <summary>The domain, in lower case, without a final dot.</summary>
    public required string Name { get; init; }

    /// <summary><c>pending</c> until its owner has delegated the domain, then <c>active</c>. Only an active zone routes.</summary>
    public required string Status { get; init; }

    /// <summary><c>full</c>, <c>partial</c> or <c>secondary</c>.</summary>
    public required string Type { get; init; }

    /// <summary>Whether the edge leaves the zone's traffic alone.</summary>
    public bool Paused { get; init; }

    /// <summary>The name servers that the domain's owner should set.</summary>
    public required IReadOnlyList<string> NameServers { get; init; }

    /// <summary>When it was added.</summary>
    public required DateTimeOffset CreatedOn { get; init; }

    /// <summary>When it was last changed.</summary>
    public required DateTimeOffset ModifiedOn { get; init; }

    /// <summary>When it became active; null while it is not.</summary>
    public DateTimeOffset? ActivatedOn { get; init; }

    /// <summary>What clients wrote beside that (vanity name servers), and the key of a partial zone, as a JSON object.</summary>
    public string Document { get; init; } = "{}";
}
