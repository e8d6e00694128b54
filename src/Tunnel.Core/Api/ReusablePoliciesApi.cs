namespace Tunnel.Core.Api;

/// <summary><c>accounts/{account}/access/policies</c>: policies that several applications can hold.</summary>
public sealed class ReusablePoliciesApi
{
    private readonly ApiTransport _transport;

    internal ReusablePoliciesApi(ApiTransport transport) => _transport = transport;

    public IAsyncEnumerable<AccessPolicyResource> ListAsync(
        string accountId, CancellationToken cancellationToken = default) =>
        _transport.ListAsync(Path(accountId), new ApiQuery(), ApiJson.Default.AccessPolicyResource, cancellationToken);

    public Task<AccessPolicyResource> GetAsync(
        string accountId, string policyId, CancellationToken cancellationToken = default) =>
        _transport.SendAsync(
            HttpMethod.Get, Path(accountId, policyId), ApiJson.Default.AccessPolicyResource, cancellationToken);

    public Task<AccessPolicyResource> CreateAsync(
        string accountId, AccessPolicyResource policy, CancellationToken cancellationToken = default) =>
        _transport.SendAsync(
            HttpMethod.Post, Path(accountId), ApiJson.Default.AccessPolicyResource, cancellationToken, Body(policy));

    /// <summary>Replaces the policy that has <see cref="AccessPolicyResource.Id"/>, for all applications that hold it.</summary>
    public Task<AccessPolicyResource> UpdateAsync(
        string accountId, AccessPolicyResource policy, CancellationToken cancellationToken = default)
    {
        ArgumentNullException.ThrowIfNull(policy);
        return _transport.SendAsync(
            HttpMethod.Put,
            Path(accountId, policy.Id),
            ApiJson.Default.AccessPolicyResource,
            cancellationToken,
            Body(policy));
    }

    /// <summary>Deletes a policy that no application holds; one that is in use is refused.</summary>
    public Task DeleteAsync(string accountId, string policyId, CancellationToken cancellationToken = default) =>
        _transport.SendAsync(HttpMethod.Delete, Path(accountId, policyId), cancellationToken);

    private static byte[] Body(AccessPolicyResource policy) => ApiTransport.Body(
        policy with { Precedence = null, AppCount = null, Reusable = null },
        ApiJson.Default.AccessPolicyResource,
        "id", "uid", "created_at", "updated_at");

    private static string Path(string accountId) =>
        $"accounts/{ApiQuery.Segment(accountId, nameof(accountId))}/access/policies";

    private static string Path(string accountId, string policyId) =>
        $"{Path(accountId)}/{ApiQuery.Segment(policyId, nameof(policyId))}";
}
