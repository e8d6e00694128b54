namespace Tunnel.Core.Api;

/// <summary>What <c>GET zones/{zone}/dns_records</c> filters by.</summary>
public sealed record DnsRecordFilter
{
    /// <summary>The whole name.</summary>
    public string? Name { get; init; }

    public string? Type { get; init; }
    public string? Content { get; init; }

    /// <summary>How the content ends.</summary>
    public string? ContentEnd { get; init; }
}
