using System.Security.Cryptography;
using Tunnel.Core.Accounts;
using Tunnel.Core.Api;
using Tunnel.Protocol.Credentials;

namespace Tunnel.Core.Tunnels;

/// <summary>
/// One creation of a tunnel. The call cannot be sent twice, so after a fault the secret, chosen here, tells whether the
/// tunnel that is there now is the one that was asked for.
/// </summary>
internal sealed class TunnelCreation(TunnelAccount account, string name)
{
    /// <summary>What the API and cloudflared use.</summary>
    public const int SecretLength = 32;

    public byte[] Secret { get; } = RandomNumberGenerator.GetBytes(SecretLength);

    public async Task<TunnelInfo> RunAsync(string configurationSource, CancellationToken cancellationToken)
    {
        try
        {
            return await account.Api.Tunnels
                .CreateAsync(account.AccountId, name, Secret, configurationSource, cancellationToken).ConfigureAwait(false);
        }
        catch (TunnelApiException e) when (e.StatusCode is 0 or >= 500)
        {
            if (await FindAsync(cancellationToken).ConfigureAwait(false) is { } made)
            {
                return made;
            }

            throw;
        }
    }

    /// <summary>The tunnel, if this creation made it.</summary>
    public async Task<TunnelInfo?> FindAsync(CancellationToken cancellationToken)
    {
        if (await TunnelFinder.ByNameAsync(account, name, cancellationToken).ConfigureAwait(false) is not { } found)
        {
            return null;
        }

        var token = await account.Api.Tunnels
            .GetTokenAsync(account.AccountId, Guid.Parse(found.Id), cancellationToken).ConfigureAwait(false);
        return CryptographicOperations.FixedTimeEquals(TunnelToken.Parse(token).TunnelSecret, Secret) ? found : null;
    }
}
