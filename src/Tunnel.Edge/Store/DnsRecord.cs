namespace Tunnel.Edge.Store;

/// <summary>A DNS record of a zone.</summary>
public sealed record DnsRecord
{
    /// <summary>32 hex characters.</summary>
    public required string Id { get; init; }

    /// <summary>The zone it belongs to.</summary>
    public required string ZoneId { get; init; }

    /// <summary>A, AAAA, CNAME, TXT, ..., in capitals.</summary>
    public required string Type { get; init; }

    /// <summary>The whole name with the zone's, in lower case.</summary>
    public required string Name { get; init; }

    /// <summary>The address, target or text.</summary>
    public required string Content { get; init; }

    /// <summary>Whether the edge stands in front of the name. Only such a record routes to a tunnel.</summary>
    public bool Proxied { get; init; }

    /// <summary>Seconds; 1 means automatic.</summary>
    public int Ttl { get; init; } = 1;

    /// <summary>The JSON object as a client last wrote it (comment, tags, priority, data, ...).</summary>
    public required string Document { get; init; }

    /// <summary>When it was made.</summary>
    public required DateTimeOffset CreatedOn { get; init; }

    /// <summary>When it was last changed.</summary>
    public required DateTimeOffset ModifiedOn { get; init; }
}
