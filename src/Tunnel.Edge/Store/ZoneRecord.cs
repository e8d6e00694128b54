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

    /// <summary><c>pending</c>, <c>active</c>, ...; a zone of the embedded edge is active at once.</summary>
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
}
