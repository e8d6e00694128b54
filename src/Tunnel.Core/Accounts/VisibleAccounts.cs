using Tunnel.Core.Api;

namespace Tunnel.Core.Accounts;

/// <summary>
/// The accounts that a token can work in. The list of accounts shows only those whose settings the token may read, which a
/// narrow token need not: then its zones tell whose they are, and an identifier that a person gives is tried out.
/// </summary>
internal static class VisibleAccounts
{
    /// <summary>How many accounts an error lists.</summary>
    public const int MaxListed = 20;

    private const int MaxZones = 500;

    /// <param name="api">Speaks with the token.</param>
    /// <param name="wanted">An identifier or a name; null for all.</param>
    /// <param name="refusal">What the API said of the token before, if it refused it.</param>
    /// <param name="cancellationToken">Stops the calls.</param>
    public static async Task<List<Account>> ListAsync(
        TunnelApiClient api, string? wanted, TunnelApiException? refusal, CancellationToken cancellationToken)
    {
        var listed = await ReadAsync(api.Accounts.ListAsync(cancellationToken: cancellationToken), wanted).ConfigureAwait(false);
        if (listed is { Count: > 0 })
        {
            return listed;
        }

        var owners = await ReadAsync(OwnersAsync(api, cancellationToken), wanted).ConfigureAwait(false);
        if (owners is { Count: > 0 })
        {
            return owners;
        }

        if (wanted is not null && IsIdentifier(wanted) && await AnswersAsync(api, wanted, cancellationToken).ConfigureAwait(false))
        {
            return [new Account { Id = wanted, Name = wanted }];
        }

        // All said no: the first answer is about the token itself.
        return listed is null && refusal is not null ? throw refusal : [];
    }

    /// <summary>The accounts that match, or null when the API refuses to tell.</summary>
    private static async Task<List<Account>?> ReadAsync(IAsyncEnumerable<Account> source, string? wanted)
    {
        var accounts = new List<Account>();
        try
        {
            await foreach (var account in source.ConfigureAwait(false))
            {
                if ((wanted is null || Matches(account, wanted)) && accounts.TrueForAll(known => known.Id != account.Id))
                {
                    accounts.Add(account);
                }

                if (accounts.Count > MaxListed)
                {
                    break;
                }
            }
        }
        // 1001: the list of accounts does not serve tokens that an account owns.
        catch (TunnelApiException e) when (e.IsAccessDenied || e.HasCode(1001))
        {
            return null;
        }

        return accounts;
    }

    private static async IAsyncEnumerable<Account> OwnersAsync(
        TunnelApiClient api, [System.Runtime.CompilerServices.EnumeratorCancellation] CancellationToken cancellationToken)
    {
        var count = 0;
        await foreach (var zone in api.Zones.ListAsync(cancellationToken: cancellationToken).ConfigureAwait(false))
        {
            if (zone.Account is { Id: { } id } owner)
            {
                yield return new Account { Id = id, Name = owner.Name ?? id };
            }

            if (++count >= MaxZones)
            {
                yield break;
            }
        }
    }

    private static async Task<bool> AnswersAsync(TunnelApiClient api, string accountId, CancellationToken cancellationToken)
    {
        foreach (var path in (string[])["tokens/verify", "cfd_tunnel?per_page=1", "access/apps?per_page=1"])
        {
            try
            {
                await api.Tokens.ProbeAsync($"accounts/{accountId}/{path}", cancellationToken).ConfigureAwait(false);
                return true;
            }
            catch (TunnelApiException e) when (e.StatusCode is >= 400 and < 500)
            {
                // The next may be allowed.
            }
        }

        return false;
    }

    private static bool IsIdentifier(string text) => text.Length == 32 && text.All(char.IsAsciiHexDigit);

    private static bool Matches(Account account, string wanted) =>
        string.Equals(account.Id, wanted, StringComparison.OrdinalIgnoreCase)
        || string.Equals(account.Name, wanted, StringComparison.OrdinalIgnoreCase);
}
