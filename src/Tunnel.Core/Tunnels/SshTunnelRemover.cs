using Tunnel.Core.Accounts;
using Tunnel.Core.Api;

namespace Tunnel.Core.Tunnels;

/// <summary>Removes a tunnel with its routes, connections and files. What is gone already is no error.</summary>
internal sealed class SshTunnelRemover(TunnelAccount account, TunnelFiles files)
{
    /// <summary>What a removal would do, one line each.</summary>
    public static IReadOnlyList<string> Steps(SshTunnel tunnel) =>
    [
        .. tunnel.IsRunningHere ? [$"Stop the connector of the tunnel '{tunnel.Name}'."] : Array.Empty<string>(),
        $"Delete the DNS records that route {tunnel.Hostname ?? "hostnames"} to the tunnel '{tunnel.Name}'.",
        $"Delete the tunnel '{tunnel.Name}' ({tunnel.Id:D}) with its connections and credentials.",
    ];

    public async Task RemoveAsync(SshTunnel tunnel, CancellationToken cancellationToken)
    {
        await foreach (var zone in ZonesAsync(tunnel, cancellationToken).ConfigureAwait(false))
        {
            await DeleteRoutesAsync(zone, tunnel.Id, cancellationToken).ConfigureAwait(false);
        }

        var api = account.Api.Tunnels;
        await IfThereAsync(api.CleanUpConnectionsAsync(account.AccountId, tunnel.Id, null, cancellationToken)).ConfigureAwait(false);
        await IfThereAsync(api.DeleteAsync(account.AccountId, tunnel.Id, cascade: true, cancellationToken)).ConfigureAwait(false);
        files.Delete(tunnel.Id);
    }

    /// <summary>The zone of the hostname; where it is not known, all zones of the account.</summary>
    private async IAsyncEnumerable<Zone> ZonesAsync(
        SshTunnel tunnel, [System.Runtime.CompilerServices.EnumeratorCancellation] CancellationToken cancellationToken)
    {
        if (tunnel.Hostname is { } hostname
            && await ZoneFinder.TryFindAsync(account, hostname, cancellationToken).ConfigureAwait(false) is { } known)
        {
            yield return known;
            yield break;
        }

        var filter = new ZoneFilter { AccountId = account.AccountId };
        await foreach (var zone in account.Api.Zones.ListAsync(filter, cancellationToken).ConfigureAwait(false))
        {
            yield return zone;
        }
    }

    private async Task DeleteRoutesAsync(Zone zone, Guid tunnelId, CancellationToken cancellationToken)
    {
        // Taken whole before the first deletion: deleting while paging would skip entries.
        var routes = new List<DnsRecord>();
        var filter = new DnsRecordFilter { Type = "CNAME", Content = $"{tunnelId:D}{DnsRecord.TunnelSuffix}" };
        await foreach (var record in account.Api.DnsRecords.ListAsync(zone.Id, filter, cancellationToken).ConfigureAwait(false))
        {
            if (record.TunnelId == tunnelId)
            {
                routes.Add(record);
            }
        }

        foreach (var route in routes)
        {
            await IfThereAsync(account.Api.DnsRecords.DeleteAsync(zone.Id, route.Id, cancellationToken)).ConfigureAwait(false);
        }
    }

    private static async Task IfThereAsync(Task call)
    {
        try
        {
            await call.ConfigureAwait(false);
        }
        catch (TunnelApiException e) when (e.IsNotFound)
        {
            // Gone, by another session or a call before.
        }
    }
}
