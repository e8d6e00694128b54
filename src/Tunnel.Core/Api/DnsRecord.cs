namespace Tunnel.Core.Api;

/// <summary>A DNS record of a zone.</summary>
public sealed record DnsRecord : IApiResource
{
    /// <summary>Empty for a record that is to be created.</summary>
    public string Id { get; init; } = "";

    /// <summary><c>CNAME</c>, <c>A</c>, <c>AAAA</c>, <c>TXT</c>, ...</summary>
    public required string Type { get; init; }

    /// <summary>The whole name, with the zone's.</summary>
    public required string Name { get; init; }

    public string? Content { get; init; }

    /// <summary>Through Cloudflare's network (true), or DNS only.</summary>
    public bool? Proxied { get; init; }

    /// <summary>Seconds; 1 is automatic.</summary>
    public int? Ttl { get; init; }

    public string? Comment { get; init; }
    public DateTimeOffset? CreatedOn { get; init; }
    public DateTimeOffset? ModifiedOn { get; init; }

    /// <summary>The tunnel that this record routes to, or null if it is not a tunnel's.</summary>
    [System.Text.Json.Serialization.JsonIgnore]
    public Guid? TunnelId =>
        string.Equals(Type, "CNAME", StringComparison.OrdinalIgnoreCase)
        && Content?.TrimEnd('.') is { } target
        && target.EndsWith(TunnelSuffix, StringComparison.OrdinalIgnoreCase)
        && Guid.TryParseExact(target[..^TunnelSuffix.Length], "D", out var id)
            ? id
            : null;

    /// <summary>What follows the tunnel's id in the target of a tunnel's CNAME.</summary>
    public const string TunnelSuffix = ".cfargotunnel.com";
}
