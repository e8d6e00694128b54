namespace Tunnel.Core.Api;

/// <summary><c>user/tokens</c> and <c>accounts/{account}/tokens</c>: the API token itself.</summary>
public sealed class TokensApi
{
    private readonly ApiTransport _transport;

    internal TokensApi(ApiTransport transport) => _transport = transport;

    /// <summary>A token of the user, with its policies; takes the permission "API Tokens Read".</summary>
    public Task<ApiToken> GetAsync(string tokenId, CancellationToken cancellationToken = default) => _transport.SendAsync(
        HttpMethod.Get, $"user/tokens/{ApiQuery.Segment(tokenId, nameof(tokenId))}", ApiJson.Default.ApiToken, cancellationToken);

    /// <summary>A token that an account owns, with its policies; takes the permission "Account API Tokens Read".</summary>
    public Task<ApiToken> GetAsync(string accountId, string tokenId, CancellationToken cancellationToken = default) =>
        _transport.SendAsync(
            HttpMethod.Get,
            $"accounts/{ApiQuery.Segment(accountId, nameof(accountId))}/tokens/{ApiQuery.Segment(tokenId, nameof(tokenId))}",
            ApiJson.Default.ApiToken,
            cancellationToken);

    /// <summary>Reads something and forgets it, to learn whether the token may read it.</summary>
    /// <exception cref="TunnelApiException">It may not, or the API cannot be reached.</exception>
    internal Task ProbeAsync(string path, CancellationToken cancellationToken) =>
        _transport.SendAsync(HttpMethod.Get, path, cancellationToken);

    /// <summary>Verifies the token of a user.</summary>
    public Task<TokenVerification> VerifyAsync(CancellationToken cancellationToken = default) =>
        _transport.SendAsync(
            HttpMethod.Get, "user/tokens/verify", ApiJson.Default.TokenVerification, cancellationToken);

    /// <summary>Verifies a token that an account owns: the user's endpoint does not know those.</summary>
    public Task<TokenVerification> VerifyAsync(string accountId, CancellationToken cancellationToken = default) =>
        _transport.SendAsync(
            HttpMethod.Get,
            $"accounts/{ApiQuery.Segment(accountId, nameof(accountId))}/tokens/verify",
            ApiJson.Default.TokenVerification,
            cancellationToken);
}
