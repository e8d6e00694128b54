namespace Tunnel.Core.Api;

/// <summary><c>accounts/{account}/access/apps/{application}/ca</c>: short-lived certificate authorities.</summary>
public sealed class SshAuthoritiesApi
{
    private readonly ApiTransport _transport;

    internal SshAuthoritiesApi(ApiTransport transport) => _transport = transport;

    public IAsyncEnumerable<SshAuthority> ListAsync(string accountId, CancellationToken cancellationToken = default) =>
        _transport.ListAsync($"{Apps(accountId)}/ca", new ApiQuery(), ApiJson.Default.SshAuthority, cancellationToken);

    public Task<SshAuthority> GetAsync(string accountId, string applicationId, CancellationToken cancellationToken = default) =>
        _transport.SendAsync(HttpMethod.Get, Path(accountId, applicationId), ApiJson.Default.SshAuthority, cancellationToken);

    /// <summary>Makes a key pair; the private half stays with the API.</summary>
    public Task<SshAuthority> CreateAsync(string accountId, string applicationId, CancellationToken cancellationToken = default) =>
        _transport.SendAsync(HttpMethod.Post, Path(accountId, applicationId), ApiJson.Default.SshAuthority, cancellationToken);

    public Task DeleteAsync(string accountId, string applicationId, CancellationToken cancellationToken = default) =>
        _transport.SendAsync(HttpMethod.Delete, Path(accountId, applicationId), cancellationToken);

    private static string Apps(string accountId) =>
        $"accounts/{ApiQuery.Segment(accountId, nameof(accountId))}/access/apps";

    private static string Path(string accountId, string applicationId) =>
        $"{Apps(accountId)}/{ApiQuery.Segment(applicationId, nameof(applicationId))}/ca";
}
