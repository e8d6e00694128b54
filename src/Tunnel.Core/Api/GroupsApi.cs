using System.Text.Json;

namespace Tunnel.Core.Api;

/// <summary><c>accounts/{account}/access/groups</c>.</summary>
public sealed class GroupsApi
{
    private const string IsDefault = "is_default";

    private readonly ApiTransport _transport;

    internal GroupsApi(ApiTransport transport) => _transport = transport;

    /// <param name="accountId">The account.</param>
    /// <param name="name">Only groups of this name; null for all.</param>
    /// <param name="cancellationToken">Stops the call.</param>
    public IAsyncEnumerable<AccessGroupResource> ListAsync(
        string accountId, string? name = null, CancellationToken cancellationToken = default) =>
        _transport.ListAsync(
            Path(accountId), new ApiQuery().Add("name", name), ApiJson.Default.AccessGroupResource, cancellationToken);

    public Task<AccessGroupResource> GetAsync(
        string accountId, string groupId, CancellationToken cancellationToken = default) =>
        _transport.SendAsync(
            HttpMethod.Get, Path(accountId, groupId), ApiJson.Default.AccessGroupResource, cancellationToken);

    public Task<AccessGroupResource> CreateAsync(
        string accountId, AccessGroupResource group, CancellationToken cancellationToken = default) =>
        _transport.SendAsync(
            HttpMethod.Post, Path(accountId), ApiJson.Default.AccessGroupResource, cancellationToken, Body(group));

    /// <summary>Replaces the group that has <see cref="AccessGroupResource.Id"/>.</summary>
    public Task<AccessGroupResource> UpdateAsync(
        string accountId, AccessGroupResource group, CancellationToken cancellationToken = default)
    {
        ArgumentNullException.ThrowIfNull(group);
        return _transport.SendAsync(
            HttpMethod.Put, Path(accountId, group.Id), ApiJson.Default.AccessGroupResource, cancellationToken, Body(group));
    }

    public Task DeleteAsync(string accountId, string groupId, CancellationToken cancellationToken = default) =>
        _transport.SendAsync(HttpMethod.Delete, Path(accountId, groupId), cancellationToken);

    private static byte[] Body(AccessGroupResource group)
    {
        // Answers have a list of rules under the name under which true or false is sent.
        var isSent = group.Other?.TryGetValue(IsDefault, out var value) == true
            && value.ValueKind is JsonValueKind.True or JsonValueKind.False;
        return ApiTransport.Body(
            group, ApiJson.Default.AccessGroupResource, "id", "uid", "created_at", "updated_at", isSent ? "" : IsDefault);
    }

    private static string Path(string accountId) =>
        $"accounts/{ApiQuery.Segment(accountId, nameof(accountId))}/access/groups";

    private static string Path(string accountId, string groupId) =>
        $"{Path(accountId)}/{ApiQuery.Segment(groupId, nameof(groupId))}";
}
