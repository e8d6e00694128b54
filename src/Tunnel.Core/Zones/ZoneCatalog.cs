using Tunnel.Core.Api;

namespace Tunnel.Core.Zones;

/// <summary>The zones of one account.</summary>
public sealed class ZoneCatalog(TunnelApiClient api, string accountId)
{
    /// <summary>The zone of that name, or all.</summary>
    public IAsyncEnumerable<Zone> ListAsync(string? name = null, CancellationToken cancellationToken = default) =>
        api.Zones.ListAsync(new ZoneFilter { AccountId = accountId, Name = name }, cancellationToken);

    /// <summary>The zone of that name: the one that is there already, or a new one.</summary>
    public async Task<Zone> EnsureAsync(string name, CancellationToken cancellationToken)
    {
        ArgumentException.ThrowIfNullOrWhiteSpace(name);
        await foreach (Zone zone in ListAsync(name, cancellationToken).ConfigureAwait(false))
        {
            return zone;
        }

        return await api.Zones.CreateAsync(accountId, name, cancellationToken: cancellationToken).ConfigureAwait(false);
    }
}
