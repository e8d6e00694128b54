namespace Tunnel.Core.Api;

/// <summary><c>accounts/{account}/access/identity_providers</c>.</summary>
public sealed class IdentityProvidersApi
{
    private readonly ApiTransport _transport;

    internal IdentityProvidersApi(ApiTransport transport) => _transport = transport;

    public IAsyncEnumerable<IdentityProvider> ListAsync(string accountId, CancellationToken cancellationToken = default) =>
        _transport.ListAsync(Path(accountId), new ApiQuery(), ApiJson.Default.IdentityProvider, cancellationToken);

    public Task<IdentityProvider> GetAsync(
        string accountId, string identityProviderId, CancellationToken cancellationToken = default) => _transport.SendAsync(
            HttpMethod.Get, Path(accountId, identityProviderId), ApiJson.Default.IdentityProvider, cancellationToken);

    public Task<IdentityProvider> CreateAsync(
        string accountId, IdentityProvider provider, CancellationToken cancellationToken = default) => _transport.SendAsync(
            HttpMethod.Post, Path(accountId), ApiJson.Default.IdentityProvider, cancellationToken, Body(provider));

    /// <summary>Replaces the provider that has <see cref="IdentityProvider.Id"/>.</summary>
    public Task<IdentityProvider> UpdateAsync(
        string accountId, IdentityProvider provider, CancellationToken cancellationToken = default)
    {
        ArgumentNullException.ThrowIfNull(provider);
        return _transport.SendAsync(
            HttpMethod.Put, Path(accountId, provider.Id), ApiJson.Default.IdentityProvider, cancellationToken, Body(provider));
    }

    public Task DeleteAsync(string accountId, string identityProviderId, CancellationToken cancellationToken = default) =>
        _transport.SendAsync(HttpMethod.Delete, Path(accountId, identityProviderId), cancellationToken);

    private static byte[] Body(IdentityProvider provider) => ApiTransport.Body(
        provider with { Config = provider.Config with { RedirectUrl = null } },
        ApiJson.Default.IdentityProvider, "id", "uid", "version", "read_only", "created_at", "updated_at");

    private static string Path(string accountId) =>
        $"accounts/{ApiQuery.Segment(accountId, nameof(accountId))}/access/identity_providers";

    private static string Path(string accountId, string identityProviderId) =>
        $"{Path(accountId)}/{ApiQuery.Segment(identityProviderId, nameof(identityProviderId))}";
}
