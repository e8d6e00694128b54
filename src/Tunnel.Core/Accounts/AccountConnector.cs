using Tunnel.Core.Api;

namespace Tunnel.Core.Accounts;

/// <summary>Connects an account: verifies the token and finds the account that it is for.</summary>
public static class AccountConnector
{
    /// <exception cref="TunnelApiException">The API refuses the token or cannot be reached.</exception>
    /// <exception cref="AccountException">No account, several and none named, a token that is not active, a bad CA file.</exception>
    public static async Task<TunnelAccount> ConnectAsync(
        AccountConnectorOptions options, CancellationToken cancellationToken = default)
    {
        ArgumentNullException.ThrowIfNull(options);
        var api = new TunnelApiClient(new TunnelApiOptions
        {
            BaseAddress = options.ApiAddress,
            ApiToken = options.ApiToken,
            CertificateAuthorities = options.CertificateAuthorityFile is { } file ? AccountCertificates.Load(file) : null,
            Limits = options.Limits,
            TimeProvider = options.TimeProvider,
            Logger = options.Logger,
        });
        try
        {
            var (account, token) = await IdentifyAsync(api, options.Account, cancellationToken).ConfigureAwait(false);
            var missing = options.CheckPermissions
                ? await new PermissionCheck(api, account.Id, options).RunAsync(token?.Id, cancellationToken).ConfigureAwait(false)
                : null;
            return new TunnelAccount(account, token, api, options) { MissingPermissions = missing };
        }
        catch
        {
            api.Dispose();
            throw;
        }
    }

    private static async Task<(Account, TokenVerification?)> IdentifyAsync(
        TunnelApiClient api, string? wanted, CancellationToken cancellationToken)
    {
        TunnelApiException? refusal = null;
        TokenVerification? token = null;
        try
        {
            token = await api.Tokens.VerifyAsync(cancellationToken).ConfigureAwait(false);
        }
        catch (TunnelApiException e) when (IsRefusal(e))
        {
            // A token that an account owns is unknown to the user's endpoint; the account's own endpoint decides.
            refusal = e;
        }

        CheckActive(token);
        var account = Choose(await VisibleAccounts.ListAsync(api, wanted, refusal, cancellationToken).ConfigureAwait(false), wanted);
        if (token is null)
        {
            token = await VerifyOwnedAsync(api, account, refusal!, cancellationToken).ConfigureAwait(false);
            CheckActive(token);
        }

        return (account, token);
    }

    private static async Task<TokenVerification> VerifyOwnedAsync(
        TunnelApiClient api, Account account, TunnelApiException refusal, CancellationToken cancellationToken)
    {
        try
        {
            return await api.Tokens.VerifyAsync(account.Id, cancellationToken).ConfigureAwait(false);
        }
        catch (TunnelApiException e) when (IsRefusal(e))
        {
            throw refusal;
        }
    }

    private static bool IsRefusal(TunnelApiException e) => e.StatusCode is >= 400 and < 500 and not 429;

    private static Account Choose(List<Account> accounts, string? wanted) => accounts switch
    {
        [var only] => only,
        [] when wanted is not null => throw new AccountException(
            $"The token sees no account '{wanted}'. Give the identifier or the whole name of one that it sees."),
        [] => throw new AccountException(
            "The token sees no account. Give it the permission Account > Account Settings > Read for the account."),
        _ => throw new AccountException(
            $"The token sees several accounts; name one: {string.Join(", ", accounts.Take(VisibleAccounts.MaxListed).Select(a => $"{a.Name} ({a.Id})"))}"
            + (accounts.Count > VisibleAccounts.MaxListed ? ", ..." : ""))
        {
            Candidates = accounts,
        },
    };

    private static void CheckActive(TokenVerification? token)
    {
        if (token?.Status is { } status && status != "active")
        {
            throw new AccountException($"The API token is {status}. Make a new one, or enable it, and connect again.");
        }
    }
}
