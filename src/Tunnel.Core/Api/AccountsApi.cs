namespace Tunnel.Core.Api;

/// <summary><c>accounts</c>: the accounts that the token can see.</summary>
public sealed class AccountsApi
{
    private readonly ApiTransport _transport;

    internal AccountsApi(ApiTransport transport) => _transport = transport;

    public IAsyncEnumerable<Account> ListAsync(string? name = null, CancellationToken cancellationToken = default) =>
        _transport.ListAsync("accounts", new ApiQuery().Add("name", name), ApiJson.Default.Account, cancellationToken);

    public Task<Account> GetAsync(string accountId, CancellationToken cancellationToken = default) =>
        _transport.SendAsync(
            HttpMethod.Get,
            $"accounts/{ApiQuery.Segment(accountId, nameof(accountId))}",
            ApiJson.Default.Account,
            cancellationToken);
}
