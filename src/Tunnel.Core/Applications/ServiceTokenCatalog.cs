using System.Runtime.CompilerServices;
using Tunnel.Core.Api;
using Tunnel.Protocol.Configuration;

namespace Tunnel.Core.Applications;

/// <summary>The service tokens of one account.</summary>
public sealed class ServiceTokenCatalog(TunnelApiClient api, string accountId)
{
    /// <summary>How long before its end a token is warned about. A token of a shorter life is so within its last tenth.</summary>
    public TimeSpan WarningTime { get; init; } = TimeSpan.FromDays(30);

    /// <summary>The clock that ends are compared with.</summary>
    public TimeProvider Time { get; init; } = TimeProvider.System;

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
                + "Change it with Set-AccessServiceToken, or pick another name.");
        }

        return await api.ServiceTokens.CreateAsync(accountId, name, duration, cancellationToken).ConfigureAwait(false);
    }

    /// <summary>The one token of that name, id or client id.</summary>
    /// <exception cref="ResourceNotFoundException">There is none.</exception>
    /// <exception cref="ResourceConflictException">There are several of that name.</exception>
    public async Task<ServiceToken> GetAsync(string identity, CancellationToken cancellationToken)
    {
        ArgumentException.ThrowIfNullOrWhiteSpace(identity);
        ServiceToken? found = null;
        await foreach (ServiceToken token in ListAsync(identity, cancellationToken).ConfigureAwait(false))
        {
            found = found is null ? token : throw new ResourceConflictException(
                $"Several service tokens are called '{identity}'. Name one by its id or client id.");
        }

        return found ?? throw new ResourceNotFoundException(
            $"The account has no service token '{identity}'. Create it with New-AccessServiceToken.");
    }

    /// <summary>Changes a token; what is null stays.</summary>
    public Task<ServiceToken> UpdateAsync(
        string serviceTokenId, string? name, string? duration, bool? enabled, CancellationToken cancellationToken) =>
        api.ServiceTokens.UpdateAsync(accountId, serviceTokenId, name, duration, enabled, cancellationToken);

    /// <summary>Lets the token live for another whole duration from now.</summary>
    public Task<ServiceToken> RefreshAsync(string serviceTokenId, CancellationToken cancellationToken) =>
        api.ServiceTokens.RefreshAsync(accountId, serviceTokenId, cancellationToken);

    /// <summary>Gives the token a new secret, which only this answer tells.</summary>
    /// <param name="serviceTokenId">The token.</param>
    /// <param name="grace">How long the present secret is accepted beside the new one; null: it is not.</param>
    /// <param name="cancellationToken">Stops the call.</param>
    public Task<ServiceToken> RotateAsync(
        string serviceTokenId, TimeSpan? grace, CancellationToken cancellationToken) =>
        api.ServiceTokens.RotateAsync(
            accountId, serviceTokenId, grace is { } time ? Time.GetUtcNow() + time : null, cancellationToken);

    /// <summary>What has to be done about the token before machines stand outside; null while there is time.</summary>
    public string? Warning(ServiceToken token)
    {
        ArgumentNullException.ThrowIfNull(token);
        return Expiry(token) switch
        {
            ServiceTokenExpiry.Expired =>
                $"The service token '{token.Name}' expired at {token.ExpiresAt:u}: who shows it stays out. "
                + "Let it live on with Update-AccessServiceToken.",
            ServiceTokenExpiry.Soon =>
                $"The service token '{token.Name}' expires at {token.ExpiresAt:u}. Let it live on with Update-AccessServiceToken.",
            _ => null,
        };
    }

    /// <summary>How near the token's end is.</summary>
    public ServiceTokenExpiry Expiry(ServiceToken token)
    {
        ArgumentNullException.ThrowIfNull(token);
        DateTimeOffset now = Time.GetUtcNow();
        return token.ExpiresAt is not { } end ? ServiceTokenExpiry.None
            : end <= now ? ServiceTokenExpiry.Expired
            : end - now <= WarningTimeOf(token) ? ServiceTokenExpiry.Soon
            : ServiceTokenExpiry.Later;
    }

    private TimeSpan WarningTimeOf(ServiceToken token) =>
        token.Duration is { } text && GoDuration.TryParse(text, out TimeSpan life) && life / 10 < WarningTime ? life / 10 : WarningTime;

    public Task RemoveAsync(string serviceTokenId, CancellationToken cancellationToken) =>
        api.ServiceTokens.DeleteAsync(accountId, serviceTokenId, cancellationToken);
}
