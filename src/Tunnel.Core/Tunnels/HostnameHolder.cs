using Tunnel.Core.Api;

namespace Tunnel.Core.Tunnels;

/// <summary>What a hostname leads to before it leads elsewhere.</summary>
/// <param name="Hostname">The hostname.</param>
/// <param name="Record">Its record.</param>
/// <param name="Tunnel">The tunnel that the record leads to; null when it leads to none, or to one that is gone.</param>
internal sealed record HostnameHolder(string Hostname, DnsRecord Record, TunnelInfo? Tunnel)
{
    /// <summary>It led to a tunnel that does not exist any more: nothing is lost.</summary>
    public bool IsGone => Record.TunnelId is not null && Tunnel is null;

    public override string ToString() => Tunnel is { } other
        ? $"{Hostname} is routed to the tunnel '{other.Name}', and a hostname carries one protocol"
        : Record.TunnelId is { } id ? $"{Hostname} is routed to the tunnel {id:D}, which does not exist any more"
        : $"{Hostname} has a DNS record ({Record.Type} {Record.Content}) that is not a tunnel's";
}
