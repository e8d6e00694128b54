namespace Tunnel.Core.Api;

/// <summary><c>user/tokens</c> and <c>accounts/{account}/tokens</c>: the API token itself.</summary>
public sealed class TokensApi
{
    private readonly ApiTransport _transport;

    internal TokensApi(ApiTransport transport) => _transport = transport;

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
