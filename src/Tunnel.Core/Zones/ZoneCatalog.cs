using System.Globalization;
using Tunnel.Core.Api;
using Tunnel.Core.Applications;

namespace Tunnel.Core.Zones;

/// <summary>The zones of one account.</summary>
public sealed class ZoneCatalog(TunnelApiClient api, string accountId, TimeProvider? time = null)
{
    private static readonly TimeSpan FirstWait = TimeSpan.FromSeconds(0.5);
    private static readonly TimeSpan LongestWait = TimeSpan.FromSeconds(15);

    private readonly TimeProvider _time = time ?? TimeProvider.System;

    /// <summary>The zone of that name, or all.</summary>
    public IAsyncEnumerable<Zone> ListAsync(string? name = null, CancellationToken cancellationToken = default) =>
        api.Zones.ListAsync(new ZoneFilter { AccountId = accountId, Name = name?.TrimEnd('.') }, cancellationToken);

    /// <summary>The one zone of that name or id.</summary>
    /// <exception cref="ResourceNotFoundException">There is none.</exception>
    public async Task<Zone> GetAsync(string identity, CancellationToken cancellationToken)
    {
        ArgumentException.ThrowIfNullOrWhiteSpace(identity);
        await foreach (var zone in ListAsync(cancellationToken: cancellationToken).ConfigureAwait(false))
        {
            if (zone.Id == identity || string.Equals(zone.Name, identity.TrimEnd('.'), StringComparison.OrdinalIgnoreCase))
            {
                return zone;
            }
        }

        throw new ResourceNotFoundException(
            $"The account has no zone '{identity}'. List them with Get-TunnelZone, or add it with New-TunnelZone.");
    }

    /// <summary>The zone of that name: the one that is there already, or a new one.</summary>
    public async Task<Zone> EnsureAsync(string name, CancellationToken cancellationToken)
    {
        ArgumentException.ThrowIfNullOrWhiteSpace(name);
        // As DNS writes a full name; the API has it without.
        name = name.TrimEnd('.');
        await foreach (Zone zone in ListAsync(name, cancellationToken).ConfigureAwait(false))
        {
            return zone;
        }

        return await api.Zones.CreateAsync(accountId, name, cancellationToken: cancellationToken).ConfigureAwait(false);
    }

    /// <summary>Removes a zone with all its DNS records.</summary>
    public Task RemoveAsync(string zoneId, CancellationToken cancellationToken) =>
        api.Zones.DeleteAsync(zoneId, cancellationToken);

    /// <summary>Waits until a zone is active: asks once for a check of its name servers, and then how it stands.</summary>
    /// <param name="zone">The zone.</param>
    /// <param name="timeout">How long at most.</param>
    /// <param name="progress">Told of the zone each time that it was asked for.</param>
    /// <param name="cancellationToken">Stops the waiting only.</param>
    /// <exception cref="TimeoutException">Not in time.</exception>
    public async Task<Zone> WaitAsync(
        Zone zone, TimeSpan timeout, IProgress<Zone>? progress, CancellationToken cancellationToken)
    {
        ArgumentNullException.ThrowIfNull(zone);
        var end = _time.GetUtcNow() + timeout;
        var isChecked = false;
        for (var wait = FirstWait; ; wait = wait * 2 < LongestWait ? wait * 2 : LongestWait)
        {
            zone = await api.Zones.GetAsync(zone.Id, cancellationToken).ConfigureAwait(false);
            progress?.Report(zone);
            if (zone.Status == "active")
            {
                return zone;
            }

            var left = end - _time.GetUtcNow();
            if (left <= TimeSpan.Zero)
            {
                throw new TimeoutException(string.Create(
                    CultureInfo.InvariantCulture,
                    $"The zone {zone.Name} is {zone.Status} after {timeout.TotalSeconds:0} s. At the domain's registrar, "
                    + $"set these name servers and no others: {string.Join(", ", zone.NameServers ?? [])}. That can take a day."));
            }

            if (!isChecked)
            {
                isChecked = true;
                await CheckActivationAsync(zone.Id, cancellationToken).ConfigureAwait(false);
                continue;
            }

            await Task.Delay(wait < left ? wait : left, _time, cancellationToken).ConfigureAwait(false);
        }
    }

    private async Task CheckActivationAsync(string zoneId, CancellationToken cancellationToken)
    {
        try
        {
            await api.Zones.CheckActivationAsync(zoneId, cancellationToken).ConfigureAwait(false);
        }
        catch (TunnelApiException e) when (e.StatusCode is >= 400 and < 500)
        {
            // Asked too soon after another, or not permitted: the API checks by itself as well.
        }
    }
}
