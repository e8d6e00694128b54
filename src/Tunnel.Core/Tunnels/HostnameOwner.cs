using Tunnel.Core.Accounts;
using Tunnel.Core.Api;

namespace Tunnel.Core.Tunnels;

/// <summary>Decides whether the hostname's DNS records may be pointed to a tunnel.</summary>
internal sealed class HostnameOwner(TunnelAccount account)
{
    private static readonly string[] AddressTypes = ["A", "AAAA", "CNAME"];

    public async Task<HostnameRoute> RouteAsync(
        Zone zone, string hostname, TunnelInfo? tunnel, bool force, List<string> warnings, CancellationToken cancellationToken)
    {
        var records = await RecordsAsync(zone.Id, hostname, cancellationToken).ConfigureAwait(false);
        if (records.Count == 0)
        {
            return new HostnameRoute(HostnameRouteChange.Create, records);
        }

        if (records is [{ TunnelId: { } id } only] && tunnel is not null && id == Guid.Parse(tunnel.Id))
        {
            return new HostnameRoute(only.Proxied == false ? HostnameRouteChange.Replace : HostnameRouteChange.None, records);
        }

        foreach (var record in records)
        {
            await CheckAsync(record, hostname, force, warnings, cancellationToken).ConfigureAwait(false);
        }

        return new HostnameRoute(HostnameRouteChange.Replace, records);
    }

    /// <summary>The records that say where the hostname is.</summary>
    public async Task<List<DnsRecord>> RecordsAsync(string zoneId, string hostname, CancellationToken cancellationToken)
    {
        var records = new List<DnsRecord>();
        var filter = new DnsRecordFilter { Name = hostname };
        await foreach (var record in account.Api.DnsRecords.ListAsync(zoneId, filter, cancellationToken).ConfigureAwait(false))
        {
            if (string.Equals(record.Name.TrimEnd('.'), hostname, StringComparison.OrdinalIgnoreCase)
                && AddressTypes.Contains(record.Type, StringComparer.OrdinalIgnoreCase))
            {
                records.Add(record);
            }
        }

        return records;
    }

    private async Task CheckAsync(
        DnsRecord record, string hostname, bool force, List<string> warnings, CancellationToken cancellationToken)
    {
        if (record.TunnelId is not { } id)
        {
            if (!force)
            {
                throw new SshTunnelException(
                    SshTunnelError.RecordExists,
                    $"{hostname} has a DNS record ({record.Type} {record.Content}) that is not a tunnel's. "
                    + "Choose another hostname, remove the record, or use -Force to replace it.");
            }

            warnings.Add($"The DNS record {record.Type} {record.Content} of {hostname} is replaced.");
            return;
        }

        var other = await TunnelFinder.ByIdAsync(account, id, cancellationToken).ConfigureAwait(false);
        if (other is null)
        {
            warnings.Add($"{hostname} was routed to the tunnel {id:D}, which does not exist any more.");
        }
        else if (force)
        {
            warnings.Add($"{hostname} is taken from the tunnel '{other.Name}'.");
        }
        else
        {
            throw new SshTunnelException(
                SshTunnelError.HostnameTaken,
                $"{hostname} is routed to the tunnel '{other.Name}' already, and a hostname carries one protocol. "
                + $"Remove it first (Remove-SshTunnel '{other.Name}'), use -Name '{other.Name}', or take the hostname over with -Force.");
        }
    }
}
