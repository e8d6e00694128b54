using Tunnel.Core.Accounts;
using Tunnel.Core.Api;

namespace Tunnel.Core.Tunnels;

/// <summary>Finds the zone of a hostname: the longest name of a zone of the account that the hostname ends with.</summary>
internal static class ZoneFinder
{
    /// <exception cref="SshTunnelException">The hostname is in no zone of the account.</exception>
    public static async Task<Zone> FindAsync(TunnelAccount account, string hostname, CancellationToken cancellationToken) =>
        await TryFindAsync(account, hostname, cancellationToken).ConfigureAwait(false) ?? throw new SshTunnelException(
            SshTunnelError.ZoneNotFound,
            $"{hostname} is in no zone of the account {account.Name}. Add its domain with New-TunnelZone, or check the spelling.");

    public static async Task<Zone?> TryFindAsync(TunnelAccount account, string hostname, CancellationToken cancellationToken)
    {
        foreach (var name in Hostname.WithParents(hostname))
        {
            var filter = new ZoneFilter { AccountId = account.AccountId, Name = name };
            await foreach (var zone in account.Api.Zones.ListAsync(filter, cancellationToken).ConfigureAwait(false))
            {
                if (string.Equals(zone.Name, name, StringComparison.OrdinalIgnoreCase))
                {
                    return zone;
                }
            }
        }

        return null;
    }
}
