using System.Text.Json;

namespace Tunnel.Core.Api;

/// <summary><c>accounts/{account}/access/apps</c>: Access applications.</summary>
public sealed class ApplicationsApi
{
    private readonly ApiTransport _transport;

    internal ApplicationsApi(ApiTransport transport) => _transport = transport;

    /// <summary>The applications; the filters narrow by the API's own matching.</summary>
    public IAsyncEnumerable<AccessApplication> ListAsync(
        string accountId, ApplicationFilter? filter = null, CancellationToken cancellationToken = default) =>
        _transport.ListAsync(
            Path(accountId),
            new ApiQuery().Add("name", filter?.Name).Add("domain", filter?.Domain).Add("aud", filter?.Audience)
                .Add("search", filter?.Search).Add("exact", filter?.IsExact == true ? "true" : null),
            ApiJson.Default.AccessApplication,
            cancellationToken);

    /// <param name="accountId">The account.</param>
    /// <param name="applicationId">The application's id, or the audience of its tokens.</param>
    /// <param name="cancellationToken">Stops the call.</param>
    public Task<AccessApplication> GetAsync(
        string accountId, string applicationId, CancellationToken cancellationToken = default) =>
        _transport.SendAsync(
            HttpMethod.Get, Path(accountId, applicationId), ApiJson.Default.AccessApplication, cancellationToken);

    /// <param name="accountId">The account.</param>
    /// <param name="application">What it guards, and how.</param>
    /// <param name="policies">The policies that it holds from the start; null: none.</param>
    /// <param name="cancellationToken">Stops the call.</param>
    public Task<AccessApplication> CreateAsync(
        string accountId,
        AccessApplication application,
        IReadOnlyList<AccessPolicyLink>? policies = null,
        CancellationToken cancellationToken = default) =>
        _transport.SendAsync(
            HttpMethod.Post,
            Path(accountId),
            ApiJson.Default.AccessApplication,
            cancellationToken,
            Body(application, policies));

    /// <summary>Replaces the application that has <see cref="AccessApplication.Id"/>.</summary>
    /// <param name="accountId">The account.</param>
    /// <param name="application">All of it, with what shall change.</param>
    /// <param name="policies">The policies that it holds from now on; its own that are not among them are removed. Null: they stay.</param>
    /// <param name="cancellationToken">Stops the call.</param>
    public Task<AccessApplication> UpdateAsync(
        string accountId,
        AccessApplication application,
        IReadOnlyList<AccessPolicyLink>? policies = null,
        CancellationToken cancellationToken = default)
    {
        ArgumentNullException.ThrowIfNull(application);
        return _transport.SendAsync(
            HttpMethod.Put,
            Path(accountId, application.Id),
            ApiJson.Default.AccessApplication,
            cancellationToken,
            Body(application, policies));
    }

    /// <summary>Ends every session and token of the application: whoever may, has to sign in again.</summary>
    public Task RevokeTokensAsync(string accountId, string applicationId, CancellationToken cancellationToken = default) =>
        _transport.SendAsync(HttpMethod.Post, $"{Path(accountId, applicationId)}/revoke_tokens", cancellationToken);

    public Task DeleteAsync(string accountId, string applicationId, CancellationToken cancellationToken = default) =>
        _transport.SendAsync(HttpMethod.Delete, Path(accountId, applicationId), cancellationToken);

    private static byte[] Body(AccessApplication application, IReadOnlyList<AccessPolicyLink>? policies)
    {
        var body = JsonSerializer.SerializeToNode(
            application with { Policies = null }, ApiJson.Default.AccessApplication)!.AsObject();
        foreach (var told in new[] { "id", "aud", "uid", "created_at", "updated_at" })
        {
            body.Remove(told);
        }

        if (policies is not null)
        {
            body["policies"] = JsonSerializer.SerializeToNode(policies, ApiJson.Default.IReadOnlyListAccessPolicyLink);
        }

        return JsonSerializer.SerializeToUtf8Bytes(body, ApiJson.Default.JsonObject);
    }

    private static string Path(string accountId) =>
        $"accounts/{ApiQuery.Segment(accountId, nameof(accountId))}/access/apps";

    private static string Path(string accountId, string applicationId) =>
        $"{Path(accountId)}/{ApiQuery.Segment(applicationId, nameof(applicationId))}";
}
