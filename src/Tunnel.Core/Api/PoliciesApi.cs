namespace Tunnel.Core.Api;

/// <summary><c>accounts/{account}/access/apps/{application}/policies</c>: the policies of one application.</summary>
public sealed class PoliciesApi
{
    private readonly ApiTransport _transport;

    internal PoliciesApi(ApiTransport transport) => _transport = transport;

    public IAsyncEnumerable<AccessPolicyResource> ListAsync(
        string accountId, string applicationId, CancellationToken cancellationToken = default) =>
        _transport.ListAsync(
            Path(accountId, applicationId), new ApiQuery(), ApiJson.Default.AccessPolicyResource, cancellationToken);

    public Task<AccessPolicyResource> GetAsync(
        string accountId, string applicationId, string policyId, CancellationToken cancellationToken = default) =>
        _transport.SendAsync(
            HttpMethod.Get,
            Path(accountId, applicationId, policyId),
            ApiJson.Default.AccessPolicyResource,
            cancellationToken);

    public Task<AccessPolicyResource> CreateAsync(
        string accountId,
        string applicationId,
        AccessPolicyResource policy,
        CancellationToken cancellationToken = default) =>
        _transport.SendAsync(
            HttpMethod.Post,
            Path(accountId, applicationId),
            ApiJson.Default.AccessPolicyResource,
            cancellationToken,
            Body(policy));

    /// <summary>Replaces the policy that has <see cref="AccessPolicyResource.Id"/>.</summary>
    public Task<AccessPolicyResource> UpdateAsync(
        string accountId,
        string applicationId,
        AccessPolicyResource policy,
        CancellationToken cancellationToken = default)
    {
        ArgumentNullException.ThrowIfNull(policy);
        return _transport.SendAsync(
            HttpMethod.Put,
            Path(accountId, applicationId, policy.Id),
            ApiJson.Default.AccessPolicyResource,
            cancellationToken,
            Body(policy));
    }

    public Task DeleteAsync(
        string accountId, string applicationId, string policyId, CancellationToken cancellationToken = default) =>
        _transport.SendAsync(HttpMethod.Delete, Path(accountId, applicationId, policyId), cancellationToken);

    /// <summary>Makes a reusable policy of the application's own one, which the application goes on to hold.</summary>
    public Task MakeReusableAsync(
        string accountId, string applicationId, string policyId, CancellationToken cancellationToken = default) =>
        _transport.SendAsync(
            HttpMethod.Put, $"{Path(accountId, applicationId, policyId)}/make_reusable", cancellationToken);

    private static byte[] Body(AccessPolicyResource policy) => ApiTransport.Body(
        policy, ApiJson.Default.AccessPolicyResource, "id", "uid", "reusable", "created_at", "updated_at");

    private static string Path(string accountId, string applicationId) =>
        $"accounts/{ApiQuery.Segment(accountId, nameof(accountId))}/access/apps/"
        + $"{ApiQuery.Segment(applicationId, nameof(applicationId))}/policies";

    private static string Path(string accountId, string applicationId, string policyId) =>
        $"{Path(accountId, applicationId)}/{ApiQuery.Segment(policyId, nameof(policyId))}";
}
