using Tunnel.Core.Accounts;
using Tunnel.Core.Api;

namespace Tunnel.Core.Tunnels;

/// <summary>Decides whether the hostname's DNS records may be pointed to a tunnel.</summary>
internal sealed class HostnameOwner(TunnelAccount account)
{
    private static readonly string[] AddressTypes = ["A", "AAAA", "CNAME"];

    /// <summary>Says what has to happen to the records so that the hostname leads to the tunnel.</summary>
    /// <param name="zone">The hostname's.</param>
    /// <param name="hostname">The hostname.</param>
    /// <param name="tunnel">The tunnel; null for one that is still to be made.</param>
    /// <param name="force">Whether it may be taken from whoever holds it.</param>
    /// <param name="refuse">The error where it may not.</param>
    /// <param name="warnings">Takes what is replaced.</param>
    /// <param name="cancellationToken">Stops the calls.</param>
    public async Task<HostnameRoute> RouteAsync(
        Zone zone, string hostname, TunnelInfo? tunnel, bool force, Func<HostnameHolder, Exception> refuse, List<string> warnings,
        CancellationToken cancellationToken)
    {
        var records = await RecordsAsync(zone.Id, hostname, cancellationToken).ConfigureAwait(false);
        if (records.Count == 0)
        {
            return new HostnameRoute(HostnameRouteChange.Create, records);
        }

        var own = tunnel is null ? (Guid?)null : Guid.Parse(tunnel.Id);
        if (records is [{ TunnelId: { } id, Proxied: not false }] && id == own)
        {
            return new HostnameRoute(HostnameRouteChange.None, records);
        }

        foreach (var record in records.Where(r => r.TunnelId is null || r.TunnelId != own))
        {
            var holder = new HostnameHolder(hostname, record, record.TunnelId is { } other
                ? await TunnelFinder.ByIdAsync(account, other, cancellationToken).ConfigureAwait(false) : null);
            if (!force && !holder.IsGone)
            {
                throw refuse(holder);
            }

            warnings.Add($"{holder}; that is replaced.");
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
}
