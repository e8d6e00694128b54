namespace Tunnel.Core.Api;

/// <summary><c>accounts/{account}/access/service_tokens</c>.</summary>
public sealed class ServiceTokensApi
{
    private readonly ApiTransport _transport;

    internal ServiceTokensApi(ApiTransport transport) => _transport = transport;

    public IAsyncEnumerable<ServiceToken> ListAsync(
        string accountId, string? name = null, CancellationToken cancellationToken = default) =>
        _transport.ListAsync(
            Path(accountId), new ApiQuery().Add("name", name), ApiJson.Default.ServiceToken, cancellationToken);

    public Task<ServiceToken> GetAsync(
        string accountId, string serviceTokenId, CancellationToken cancellationToken = default) =>
        _transport.SendAsync(
            HttpMethod.Get, Path(accountId, serviceTokenId), ApiJson.Default.ServiceToken, cancellationToken);

    /// <summary>Creates a token; only this answer has <see cref="ServiceToken.ClientSecret"/>.</summary>
    /// <param name="accountId">The account.</param>
    /// <param name="name">A name for people.</param>
    /// <param name="duration">Such as <c>8760h</c> (the API's default), or <c>forever</c>.</param>
    /// <param name="cancellationToken">Stops the call.</param>
    public Task<ServiceToken> CreateAsync(
        string accountId, string name, string? duration = null, CancellationToken cancellationToken = default) =>
        _transport.SendAsync(
            HttpMethod.Post,
            Path(accountId),
            ApiJson.Default.ServiceToken,
            cancellationToken,
            ApiTransport.Body(new ServiceTokenChange(name, duration), ApiJson.Default.ServiceTokenChange));

    public Task<ServiceToken> UpdateAsync(
        string accountId,
        string serviceTokenId,
        string? name = null,
        string? duration = null,
        bool? enabled = null,
        CancellationToken cancellationToken = default) =>
        _transport.SendAsync(
            HttpMethod.Put,
            Path(accountId, serviceTokenId),
            ApiJson.Default.ServiceToken,
            cancellationToken,
            ApiTransport.Body(new ServiceTokenChange(name, duration, enabled), ApiJson.Default.ServiceTokenChange));

    /// <summary>Lets the token live for another whole duration from now; its secret stays.</summary>
    public Task<ServiceToken> RefreshAsync(
        string accountId, string serviceTokenId, CancellationToken cancellationToken = default) =>
        _transport.SendAsync(
            HttpMethod.Post, $"{Path(accountId, serviceTokenId)}/refresh", ApiJson.Default.ServiceToken, cancellationToken);

    /// <summary>Gives the token a new secret; only this answer has <see cref="ServiceToken.ClientSecret"/>.</summary>
    /// <param name="accountId">The account.</param>
    /// <param name="serviceTokenId">The token.</param>
    /// <param name="previousUntil">Until when the present secret is accepted beside the new one; null: it is not.</param>
    /// <param name="cancellationToken">Stops the call.</param>
    public Task<ServiceToken> RotateAsync(
        string accountId,
        string serviceTokenId,
        DateTimeOffset? previousUntil = null,
        CancellationToken cancellationToken = default) =>
        _transport.SendAsync(
            HttpMethod.Post,
            $"{Path(accountId, serviceTokenId)}/rotate",
            ApiJson.Default.ServiceToken,
            cancellationToken,
            ApiTransport.Body(new ServiceTokenRotation(previousUntil?.ToUniversalTime()), ApiJson.Default.ServiceTokenRotation));

    public Task DeleteAsync(
        string accountId, string serviceTokenId, CancellationToken cancellationToken = default) =>
        _transport.SendAsync(HttpMethod.Delete, Path(accountId, serviceTokenId), cancellationToken);

    private static string Path(string accountId) =>
        $"accounts/{ApiQuery.Segment(accountId, nameof(accountId))}/access/service_tokens";

    private static string Path(string accountId, string serviceTokenId) =>
        $"{Path(accountId)}/{ApiQuery.Segment(serviceTokenId, nameof(serviceTokenId))}";
}
