namespace Tunnel.Core.Api;

/// <summary><c>accounts/{account}/access/users</c>: people, their sessions, and the end of these.</summary>
public sealed class UsersApi
{
    private readonly ApiTransport _transport;

    internal UsersApi(ApiTransport transport) => _transport = transport;

    public IAsyncEnumerable<AccessUser> ListAsync(
        string accountId, AccessUserFilter? filter = null, CancellationToken cancellationToken = default) =>
        _transport.ListAsync(
            Path(accountId),
            new ApiQuery().Add("email", filter?.Email).Add("name", filter?.Name).Add("search", filter?.Search),
            ApiJson.Default.AccessUser,
            cancellationToken);

    public Task<AccessUser> GetAsync(string accountId, string userId, CancellationToken cancellationToken = default) =>
        _transport.SendAsync(HttpMethod.Get, Path(accountId, userId), ApiJson.Default.AccessUser, cancellationToken);

    /// <summary>Removes a person, and ends all their sessions.</summary>
    public Task DeleteAsync(string accountId, string userId, CancellationToken cancellationToken = default) =>
        _transport.SendAsync(HttpMethod.Delete, Path(accountId, userId), cancellationToken);

    public IAsyncEnumerable<AccessActiveSession> ListSessionsAsync(
        string accountId, string userId, CancellationToken cancellationToken = default) =>
        _transport.ListAsync(
            Path(accountId, userId) + "/active_sessions", new ApiQuery(), ApiJson.Default.AccessActiveSession, cancellationToken);

    /// <summary>Ends one session. Cloudflare's API has no such call: it ends all sessions of a person.</summary>
    public Task RevokeSessionAsync(
        string accountId, string userId, string nonce, CancellationToken cancellationToken = default) =>
        _transport.SendAsync(
            HttpMethod.Delete, $"{Path(accountId, userId)}/active_sessions/{ApiQuery.Segment(nonce, nameof(nonce))}", cancellationToken);

    /// <summary>Ends all sessions of a person.</summary>
    public Task RevokeUserAsync(string accountId, string email, CancellationToken cancellationToken = default) =>
        _transport.SendAsync(
            HttpMethod.Post,
            $"accounts/{ApiQuery.Segment(accountId, nameof(accountId))}/access/organizations/revoke_user",
            cancellationToken,
            ApiTransport.Body(new UserRevocation(email), ApiJson.Default.UserRevocation));

    /// <summary>Ends what was opened of one application, by people and machines.</summary>
    public Task RevokeApplicationAsync(
        string accountId, string applicationId, CancellationToken cancellationToken = default) =>
        _transport.SendAsync(
            HttpMethod.Post,
            $"accounts/{ApiQuery.Segment(accountId, nameof(accountId))}/access/apps/{ApiQuery.Segment(applicationId, nameof(applicationId))}/revoke_tokens",
            cancellationToken);

    private static string Path(string accountId) => $"accounts/{ApiQuery.Segment(accountId, nameof(accountId))}/access/users";

    private static string Path(string accountId, string userId) => $"{Path(accountId)}/{ApiQuery.Segment(userId, nameof(userId))}";
}
