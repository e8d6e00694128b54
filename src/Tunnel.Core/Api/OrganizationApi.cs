namespace Tunnel.Core.Api;

/// <summary><c>accounts/{account}/access/organizations</c>: the one organisation of an account.</summary>
public sealed class OrganizationApi
{
    private readonly ApiTransport _transport;

    internal OrganizationApi(ApiTransport transport) => _transport = transport;

    public Task<AccessOrganization> GetAsync(string accountId, CancellationToken cancellationToken = default) =>
        _transport.SendAsync(HttpMethod.Get, Path(accountId), ApiJson.Default.AccessOrganization, cancellationToken);

    public Task<AccessOrganization> UpdateAsync(
        string accountId, AccessOrganization organization, CancellationToken cancellationToken = default) => _transport.SendAsync(
            HttpMethod.Put,
            Path(accountId),
            ApiJson.Default.AccessOrganization,
            cancellationToken,
            ApiTransport.Body(organization, ApiJson.Default.AccessOrganization, "created_at", "updated_at"));

    private static string Path(string accountId) =>
        $"accounts/{ApiQuery.Segment(accountId, nameof(accountId))}/access/organizations";
}
