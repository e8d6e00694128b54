namespace Tunnel.Core.Api;

/// <summary><c>accounts/{account}/access/apps</c>: Access applications.</summary>
public sealed class ApplicationsApi
{
    private readonly ApiTransport _transport;

    internal ApplicationsApi(ApiTransport transport) => _transport = transport;

    /// <summary>The applications; the filters narrow by the API's own, inexact matching.</summary>
    public IAsyncEnumerable<AccessApplication> ListAsync(
        string accountId, string? name = null, string? domain = null, CancellationToken cancellationToken = default) =>
        _transport.ListAsync(
            Path(accountId),
            new ApiQuery().Add("name", name).Add("domain", domain),
            ApiJson.Default.AccessApplication,
            cancellationToken);

    public Task<AccessApplication> GetAsync(
        string accountId, string applicationId, CancellationToken cancellationToken = default) =>
        _transport.SendAsync(
            HttpMethod.Get, Path(accountId, applicationId), ApiJson.Default.AccessApplication, cancellationToken);

    public Task<AccessApplication> CreateAsync(
        string accountId, AccessApplication application, CancellationToken cancellationToken = default) =>
        _transport.SendAsync(
            HttpMethod.Post,
            Path(accountId),
            ApiJson.Default.AccessApplication,
            cancellationToken,
            Body(application));

    /// <summary>Replaces the application that has <see cref="AccessApplication.Id"/>.</summary>
    public Task<AccessApplication> UpdateAsync(
        string accountId, AccessApplication application, CancellationToken cancellationToken = default)
    {
        ArgumentNullException.ThrowIfNull(application);
        return _transport.SendAsync(
            HttpMethod.Put,
            Path(accountId, application.Id),
            ApiJson.Default.AccessApplication,
            cancellationToken,
            Body(application));
    }

    public Task DeleteAsync(string accountId, string applicationId, CancellationToken cancellationToken = default) =>
        _transport.SendAsync(HttpMethod.Delete, Path(accountId, applicationId), cancellationToken);

    private static byte[] Body(AccessApplication application) => ApiTransport.Body(
        application, ApiJson.Default.AccessApplication, "id", "aud", "uid", "created_at", "updated_at");

    private static string Path(string accountId) =>
        $"accounts/{ApiQuery.Segment(accountId, nameof(accountId))}/access/apps";

    private static string Path(string accountId, string applicationId) =>
        $"{Path(accountId)}/{ApiQuery.Segment(applicationId, nameof(applicationId))}";
}
