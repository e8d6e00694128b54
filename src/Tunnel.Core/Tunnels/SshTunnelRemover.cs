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

    /// <param name="tunnelId">The tunnel.</param>
    /// <param name="hostname">The one hostname that it has; null: all zones of the account are searched for its routes.</param>
    /// <param name="disconnect">Whether connectors that run it are cut off; otherwise the API refuses while there are any.</param>
    /// <param name="cancellationToken">Stops between two steps; removing again goes on.</param>
    public async Task RemoveAsync(Guid tunnelId, string? hostname, bool disconnect, CancellationToken cancellationToken)
    {
        await foreach (var zone in ZonesAsync(hostname, cancellationToken).ConfigureAwait(false))
        {
            await DeleteRoutesAsync(zone, tunnelId, cancellationToken).ConfigureAwait(false);
        }

        var api = account.Api.Tunnels;
        if (disconnect)
        {
            await IfThereAsync(api.CleanUpConnectionsAsync(account.AccountId, tunnelId, null, cancellationToken)).ConfigureAwait(false);
        }

        await IfThereAsync(api.DeleteAsync(account.AccountId, tunnelId, cascade: disconnect, cancellationToken)).ConfigureAwait(false);
        files.Delete(tunnelId);
    }

    /// <summary>The zone of the hostname; where it is not known, all zones of the account.</summary>
    private async IAsyncEnumerable<Zone> ZonesAsync(
        string? hostname, [System.Runtime.CompilerServices.EnumeratorCancellation] CancellationToken cancellationToken)
    {
        if (hostname is not null
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
