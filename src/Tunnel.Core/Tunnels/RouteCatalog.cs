using System.Runtime.CompilerServices;
using Tunnel.Core.Accounts;
using Tunnel.Core.Api;
using Tunnel.Core.Applications;

namespace Tunnel.Core.Tunnels;

/// <summary>The hostnames of one account that lead to tunnels.</summary>
public sealed class RouteCatalog(TunnelAccount account)
{
    /// <summary>The routes of all zones, as they are asked for.</summary>
    /// <param name="tunnelId">Only those to this tunnel; null: all.</param>
    /// <param name="cancellationToken">Stops the listing.</param>
    public async IAsyncEnumerable<TunnelRoute> ListAsync(
        Guid? tunnelId = null, [EnumeratorCancellation] CancellationToken cancellationToken = default)
    {
        var names = await TunnelNamesAsync(cancellationToken).ConfigureAwait(false);
        await foreach (var zone in account.Api.Zones
            .ListAsync(new ZoneFilter { AccountId = account.AccountId }, cancellationToken).ConfigureAwait(false))
        {
            await foreach (var record in account.Api.DnsRecords
                .ListAsync(zone.Id, Filter(tunnelId), cancellationToken).ConfigureAwait(false))
            {
                if (record.TunnelId is { } id && (tunnelId is null || id == tunnelId))
                {
                    yield return TunnelRoute.From(zone, record, names.GetValueOrDefault(id));
                }
            }
        }
    }

    /// <summary>The route of a hostname.</summary>
    /// <exception cref="ResourceNotFoundException">
    /// The hostname has none, or its record is not a tunnel's: such a record is not touched.
    /// </exception>
    public async Task<TunnelRoute> GetAsync(string hostname, CancellationToken cancellationToken)
    {
        var name = Hostname.NormalizePattern(hostname);
        var zone = await FindZoneAsync(name, cancellationToken).ConfigureAwait(false);
        var records = await new HostnameOwner(account).RecordsAsync(zone.Id, name, cancellationToken).ConfigureAwait(false);
        if (records.Find(static r => r.TunnelId is not null) is { TunnelId: { } id } record)
        {
            var tunnel = await TunnelFinder.ByIdAsync(account, id, cancellationToken).ConfigureAwait(false);
            return TunnelRoute.From(zone, record, tunnel?.Name);
        }

        throw new ResourceNotFoundException(records is [var other, ..]
            ? $"The DNS record of {name} ({other.Type} {other.Content}) is not a tunnel's. It stays as it is."
            : $"{name} is routed to no tunnel. List the routes with Get-TunnelRoute.");
    }

    /// <summary>Says what has to happen so that the hostname leads to the tunnel. Changes nothing.</summary>
    /// <param name="hostname">The hostname, or <c>*.</c> and a name for all below it, in a zone of the account.</param>
    /// <param name="tunnel">The tunnel.</param>
    /// <param name="force">Whether the hostname may be taken from another tunnel, or from a record that is not a tunnel's.</param>
    /// <param name="cancellationToken">Stops the calls.</param>
    /// <exception cref="ResourceConflictException">The hostname leads elsewhere, and that was not to be replaced.</exception>
    /// <exception cref="ResourceNotFoundException">The hostname is in no zone of the account.</exception>
    public async Task<TunnelRoutePlan> PlanAsync(
        string hostname, TunnelInfo tunnel, bool force, CancellationToken cancellationToken)
    {
        ArgumentNullException.ThrowIfNull(tunnel);
        var name = Hostname.NormalizePattern(hostname);
        var zone = await FindZoneAsync(name, cancellationToken).ConfigureAwait(false);
        var warnings = new List<string>();
        if (zone.Status is "pending" or "initializing")
        {
            warnings.Add($"The zone {zone.Name} is {zone.Status}: nobody finds {name} until it is active (Wait-TunnelZone).");
        }

        var route = await new HostnameOwner(account)
            .RouteAsync(zone, name, tunnel, force, Refuse, warnings, cancellationToken).ConfigureAwait(false);
        await CheckRulesAsync(tunnel, name, warnings, cancellationToken).ConfigureAwait(false);
        var replaced = route.Records.Count == 0
            ? ""
            : $", instead of {string.Join(", ", route.Records.Select(static r => $"{r.Type} {r.Content}"))}";
        return new TunnelRoutePlan(zone, tunnel, route)
        {
            Hostname = name,
            Step = $"Route to the tunnel '{tunnel.Name}' in the zone {zone.Name}{replaced}",
            Warnings = warnings,
        };
    }

    /// <summary>Carries a plan out; one that is done already changes nothing.</summary>
    public async Task<TunnelRoute> ApplyAsync(TunnelRoutePlan plan, CancellationToken cancellationToken)
    {
        ArgumentNullException.ThrowIfNull(plan);
        if (!plan.IsDone)
        {
            await account.Api.Tunnels.RouteDnsAsync(
                plan.Zone.Id,
                Guid.Parse(plan.Tunnel.Id),
                plan.Hostname,
                overwriteExisting: plan.Route.Change == HostnameRouteChange.Replace,
                cancellationToken).ConfigureAwait(false);
        }

        return await GetAsync(plan.Hostname, cancellationToken).ConfigureAwait(false);
    }

    /// <summary>Removes the record of a route. One that leads elsewhere by now stays.</summary>
    /// <exception cref="ResourceConflictException">The record was changed since it was read.</exception>
    public async Task RemoveAsync(TunnelRoute route, CancellationToken cancellationToken)
    {
        ArgumentNullException.ThrowIfNull(route);
        try
        {
            var record = await account.Api.DnsRecords
                .GetAsync(route.ZoneId, route.RecordId, cancellationToken).ConfigureAwait(false);
            if (record.TunnelId != route.TunnelId)
            {
                throw new ResourceConflictException(
                    $"The DNS record of {route.Hostname} does not lead to that tunnel any more ({record.Type} {record.Content}). "
                    + "It stays as it is; look at it with Get-TunnelRoute.");
            }

            await account.Api.DnsRecords.DeleteAsync(route.ZoneId, route.RecordId, cancellationToken).ConfigureAwait(false);
        }
        catch (TunnelApiException e) when (e.IsNotFound)
        {
            // Gone, by another session.
        }
    }

    private static DnsRecordFilter Filter(Guid? tunnelId) => tunnelId is { } id
        ? new DnsRecordFilter { Type = "CNAME", Content = $"{id:D}{DnsRecord.TunnelSuffix}" }
        : new DnsRecordFilter { Type = "CNAME", ContentEnd = DnsRecord.TunnelSuffix };

    private async Task<Dictionary<Guid, string>> TunnelNamesAsync(CancellationToken cancellationToken)
    {
        var names = new Dictionary<Guid, string>();
        await foreach (var tunnel in account.Api.Tunnels
            .ListAsync(account.AccountId, cancellationToken: cancellationToken).ConfigureAwait(false))
        {
            names[Guid.Parse(tunnel.Id)] = tunnel.Name;
        }

        return names;
    }

    private async Task<Zone> FindZoneAsync(string hostname, CancellationToken cancellationToken) =>
        await ZoneFinder.TryFindAsync(account, hostname, cancellationToken).ConfigureAwait(false)
        ?? throw new ResourceNotFoundException(
            $"{hostname} is in no zone of the account {account.Name}. Add its domain with New-TunnelZone, or check the spelling.");

    private static ResourceConflictException Refuse(HostnameHolder holder) => new(holder.Tunnel is null
        ? $"{holder}. Choose another hostname, remove the record, or replace it with -Force."
        : $"{holder}. Remove that route first (Remove-TunnelRoute {holder.Hostname}), or take the hostname over with -Force.");

    /// <summary>A hostname that leads to a tunnel which has no rule for it, or rules of two protocols, serves nobody well.</summary>
    private async Task CheckRulesAsync(
        TunnelInfo tunnel, string hostname, List<string> warnings, CancellationToken cancellationToken)
    {
        var rules = await new TunnelConfigurationReader(account).RulesAsync(tunnel, cancellationToken).ConfigureAwait(false);
        if (rules is null)
        {
            return;
        }

        HostnameProtocols.Check(rules, hostname);
        if (!rules.Any(r => r.Hostname is { } pattern && HostnameProtocols.Covers(pattern, hostname)))
        {
            warnings.Add($"The tunnel '{tunnel.Name}' has no rule for {hostname}: visitors reach its last rule. "
                + "Add one with Set-TunnelConfiguration, or in the connector's configuration file.");
        }
    }
}
