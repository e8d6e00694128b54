using Tunnel.Core.Api;

namespace Tunnel.Core.Tunnels;

/// <summary>A hostname that leads to a tunnel, by a DNS record of its zone.</summary>
public sealed record TunnelRoute
{
    public required string Hostname { get; init; }

    public required Guid TunnelId { get; init; }

    /// <summary>Null: the tunnel does not exist any more, and the hostname leads nowhere.</summary>
    public string? TunnelName { get; init; }

    /// <summary>The name of the zone.</summary>
    public required string Zone { get; init; }

    public required string ZoneId { get; init; }

    public required string RecordId { get; init; }

    /// <summary>Whether the network stands in front of the hostname. Without it the record leads nowhere.</summary>
    public bool Proxied { get; init; }

    public DateTimeOffset? CreatedOn { get; init; }

    public override string ToString() => $"{Hostname} to {TunnelName ?? TunnelId.ToString("D")}";

    internal static TunnelRoute From(Zone zone, DnsRecord record, string? tunnelName) => new()
    {
        Hostname = record.Name,
        TunnelId = record.TunnelId ?? throw new ArgumentException("The record does not lead to a tunnel.", nameof(record)),
        TunnelName = tunnelName,
        Zone = zone.Name,
        ZoneId = zone.Id,
        RecordId = record.Id,
        Proxied = record.Proxied == true,
        CreatedOn = record.CreatedOn,
    };
}
