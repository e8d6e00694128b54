using System.Text;
using System.Text.Json;
using Tunnel.Core.Accounts;
using Tunnel.Core.Api;
using Tunnel.Protocol.Configuration;

namespace Tunnel.Core.Tunnels;

/// <summary>Asks the account what it knows of a tunnel's configuration.</summary>
internal sealed class TunnelConfigurationReader(TunnelAccount account)
{
    /// <summary>What the account keeps, or what the connector of a locally managed tunnel told it; null: nothing.</summary>
    public async Task<RemoteTunnelConfiguration?> ReadAsync(TunnelInfo tunnel, CancellationToken cancellationToken)
    {
        try
        {
            return await account.Api.Tunnels
                .GetConfigurationAsync(account.AccountId, Guid.Parse(tunnel.Id), cancellationToken).ConfigureAwait(false);
        }
        catch (TunnelApiException e) when (e.IsNotFound)
        {
            return null;
        }
    }

    /// <summary>The rules; null where they are not known, or are of a kind that this version does not know.</summary>
    public async Task<IngressRules?> RulesAsync(TunnelInfo tunnel, CancellationToken cancellationToken) =>
        Parse(await ReadAsync(tunnel, cancellationToken).ConfigureAwait(false))?.Ingress;

    public static TunnelConfiguration? Parse(RemoteTunnelConfiguration? remote)
    {
        try
        {
            return remote?.Config is { ValueKind: JsonValueKind.Object } config
                ? TunnelConfiguration.ParseJson(Encoding.UTF8.GetBytes(config.GetRawText()))
                : null;
        }
        catch (ConfigurationException)
        {
            return null;
        }
    }
}
