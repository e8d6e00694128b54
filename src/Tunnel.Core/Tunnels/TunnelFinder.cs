using Tunnel.Core.Accounts;
using Tunnel.Core.Api;

namespace Tunnel.Core.Tunnels;

/// <summary>Finds living tunnels by name or id.</summary>
internal static class TunnelFinder
{
    public static async Task<TunnelInfo?> ByNameAsync(TunnelAccount account, string name, CancellationToken cancellationToken)
    {
        var filter = new TunnelFilter { Name = name };
        await foreach (var tunnel in account.Api.Tunnels.ListAsync(account.AccountId, filter, cancellationToken).ConfigureAwait(false))
        {
            if (tunnel.Name == name && !tunnel.IsDeleted)
            {
                return tunnel;
            }
        }

        return null;
    }

    public static async Task<TunnelInfo?> ByIdAsync(TunnelAccount account, Guid id, CancellationToken cancellationToken)
    {
        try
        {
            var tunnel = await account.Api.Tunnels.GetAsync(account.AccountId, id, cancellationToken).ConfigureAwait(false);
            return tunnel.IsDeleted ? null : tunnel;
        }
        catch (TunnelApiException e) when (e.IsNotFound)
        {
            return null;
        }
    }
}
