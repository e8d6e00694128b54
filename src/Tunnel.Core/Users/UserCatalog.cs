using System.Runtime.CompilerServices;
using Tunnel.Core.Api;
using Tunnel.Core.Applications;

namespace Tunnel.Core.Users;

/// <summary>The people of one account and what they have open.</summary>
public sealed class UserCatalog(TunnelApiClient api, string accountId)
{
    /// <summary>Everybody, or those that the filter leaves.</summary>
    public IAsyncEnumerable<AccessUser> ListAsync(AccessUserFilter? filter = null, CancellationToken cancellationToken = default) =>
        api.Users.ListAsync(accountId, filter, cancellationToken);

    /// <summary>The one person of that mail address or id.</summary>
    /// <exception cref="ResourceNotFoundException">There is none.</exception>
    public async Task<AccessUser> GetAsync(string identity, CancellationToken cancellationToken)
    {
        ArgumentException.ThrowIfNullOrWhiteSpace(identity);
        if (Guid.TryParse(identity, out _))
        {
            return await api.Users.GetAsync(accountId, identity, cancellationToken).ConfigureAwait(false);
        }

        await foreach (AccessUser user in ListAsync(new AccessUserFilter { Email = identity }, cancellationToken).ConfigureAwait(false))
        {
            if (string.Equals(user.Email, identity, StringComparison.OrdinalIgnoreCase))
            {
                return user;
            }
        }

        throw new ResourceNotFoundException(
            $"Nobody with the address '{identity}' has signed in to this account. Get-AccessUser lists who has.");
    }

    /// <summary>The sessions of one person that are not over; none of somebody who was removed meanwhile.</summary>
    public async IAsyncEnumerable<AccessSession> ListSessionsAsync(
        AccessUser user, [EnumeratorCancellation] CancellationToken cancellationToken = default)
    {
        ArgumentNullException.ThrowIfNull(user);
        IAsyncEnumerator<AccessActiveSession> told = api.Users.ListSessionsAsync(accountId, user.Id, cancellationToken)
            .GetAsyncEnumerator(cancellationToken);
        await using var _ = told.ConfigureAwait(false);
        while (await MoveNextAsync(told).ConfigureAwait(false))
        {
            AccessActiveSession session = told.Current;
            if (session.Metadata is { Nonce: { } nonce } metadata)
            {
                yield return new AccessSession
                {
                    Nonce = nonce,
                    UserId = user.Id,
                    Email = user.Email,
                    IssuedAt = Time(metadata.Iat),
                    ExpiresAt = Time(session.Expiration ?? metadata.Expires),
                    Applications = [.. metadata.Apps?.Values ?? []],
                    OpenStreams = metadata.OpenStreams,
                };
            }
        }
    }

    private static async Task<bool> MoveNextAsync(IAsyncEnumerator<AccessActiveSession> told)
    {
        try
        {
            return await told.MoveNextAsync().ConfigureAwait(false);
        }
        catch (TunnelApiException error) when (error.IsNotFound)
        {
            return false;
        }
    }

    /// <summary>Removes a person, and ends all their sessions.</summary>
    public Task RemoveAsync(string userId, CancellationToken cancellationToken) =>
        api.Users.DeleteAsync(accountId, userId, cancellationToken);

    /// <summary>Ends one session.</summary>
    /// <exception cref="TunnelApiException">Among others: the API has no way to end a single session.</exception>
    public async Task RevokeSessionAsync(AccessSession session, CancellationToken cancellationToken)
    {
        ArgumentNullException.ThrowIfNull(session);
        try
        {
            await api.Users.RevokeSessionAsync(accountId, session.UserId, session.Nonce, cancellationToken).ConfigureAwait(false);
        }
        catch (TunnelApiException e) when (e.StatusCode == 405 || e.HasCode(ApiErrorCodes.NoRoute) || e.HasCode(ApiErrorCodes.InvalidIdentifier))
        {
            throw new TunnelApiException($"{session.Email ?? session.UserId}: Cloudflare ends all sessions of a person, and no single one.", e)
            {
                StatusCode = e.StatusCode,
                Errors = e.Errors,
                Call = e.Call,
                Advice = $"End all of them: Revoke-AccessSession -User {session.Email ?? "<mail address>"}",
            };
        }
    }

    /// <summary>Ends all sessions of a person.</summary>
    public Task RevokeUserAsync(string email, CancellationToken cancellationToken) =>
        api.Users.RevokeUserAsync(accountId, email, cancellationToken);

    /// <summary>Ends what was opened of one application.</summary>
    public Task RevokeApplicationAsync(string applicationId, CancellationToken cancellationToken) =>
        api.Users.RevokeApplicationAsync(accountId, applicationId, cancellationToken);

    private static DateTimeOffset? Time(long? seconds) =>
        seconds is >= 0 and <= 253_402_300_799 ? DateTimeOffset.FromUnixTimeSeconds(seconds.Value) : null;
}
