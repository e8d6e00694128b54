using System.Runtime.CompilerServices;
using Tunnel.Core.Api;

namespace Tunnel.Core.Applications;

/// <summary>The service tokens of one account.</summary>
public sealed class ServiceTokenCatalog(TunnelApiClient api, string accountId)
{
    /// <summary>Those of that name, id or client id; all of them when null.</summary>
    public async IAsyncEnumerable<ServiceToken> ListAsync(
        string? identity = null, [EnumeratorCancellation] CancellationToken cancellationToken = default)
    {
        await foreach (ServiceToken token in api.ServiceTokens
            .ListAsync(accountId, cancellationToken: cancellationToken).ConfigureAwait(false))
        {
            if (identity is null || token.Id == identity || token.ClientId == identity
                || string.Equals(token.Name, identity, StringComparison.OrdinalIgnoreCase))
            {
                yield return token;
            }
        }
    }

    /// <summary>
    /// The token of that name that is there already, without its secret, which is told only once; or a new one.
    /// </summary>
    /// <exception cref="ResourceConflictException">A token of that name lasts for another time.</exception>
    public async Task<ServiceToken> EnsureAsync(string name, string? duration, CancellationToken cancellationToken)
    {
        ArgumentException.ThrowIfNullOrWhiteSpace(name);
        await foreach (ServiceToken existing in ListAsync(cancellationToken: cancellationToken).ConfigureAwait(false))
        {
            if (!string.Equals(existing.Name, name, StringComparison.OrdinalIgnoreCase))
            {
                continue;
            }

            return duration is null || existing.Duration == duration ? existing : throw new ResourceConflictException(
                $"The account has a service token '{name}' of another duration ({existing.Duration}). "
                + "Remove it first with Remove-AccessServiceToken, or pick another name.");
        }

        return await api.ServiceTokens.CreateAsync(accountId, name, duration, cancellationToken).ConfigureAwait(false);
    }

    /// <summary>The one token of that name, id or client id.</summary>
    /// <exception cref="ResourceNotFoundException">There is none.</exception>
    public async Task<ServiceToken> GetAsync(string identity, CancellationToken cancellationToken)
    {
        ArgumentException.ThrowIfNullOrWhiteSpace(identity);
        await foreach (ServiceToken token in ListAsync(identity, cancellationToken).ConfigureAwait(false))
        {
            return token;
        }

        throw new ResourceNotFoundException($"The account has no service token '{identity}'.");
    }

    public Task RemoveAsync(string serviceTokenId, CancellationToken cancellationToken) =>
        api.ServiceTokens.DeleteAsync(accountId, serviceTokenId, cancellationToken);
}
