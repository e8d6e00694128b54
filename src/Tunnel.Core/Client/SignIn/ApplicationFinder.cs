using System.Net;
using Tunnel.Core.Files;
using Tunnel.Protocol.Tokens;

namespace Tunnel.Core.Client.SignIn;

/// <summary>Finds the Access application at an address, and the keys of its team.</summary>
/// <param name="http">Of <see cref="TeamHttp"/>.</param>
/// <param name="address">The application's.</param>
/// <param name="store">Keeps the keys of teams, too, as cloudflared does (<c>token/jwks.go</c>).</param>
/// <param name="time">By which things expire.</param>
internal sealed class ApplicationFinder(HttpClient http, AccessAddress address, AccessTokenStore store, TimeProvider time)
{
    private const string RequestHeader = "cf-access-metadata-request";
    private const string ResponseHeader = "cf-access-metadata";

    private static readonly TimeSpan s_timeout = TimeSpan.FromSeconds(10);
    private static readonly TimeSpan s_keepKeys = TimeSpan.FromHours(24);
    private static readonly TimeSpan s_refreshKeys = TimeSpan.FromMinutes(1);

    /// <exception cref="AccessSignInException">There is none, or what it says of itself is not true.</exception>
    public async Task<AccessMetadata> FindAsync(CancellationToken cancellationToken)
    {
        var token = await AskAsync(cancellationToken).ConfigureAwait(false);
        try
        {
            var team = AccessMetadata.PeekAuthDomain(token);
            return await WithKeysAsync(
                team, keys => AccessMetadata.VerifyAsync(token, address.Host, keys, time.GetUtcNow()), cancellationToken).ConfigureAwait(false);
        }
        catch (AccessTokenException error)
        {
            throw new AccessSignInException(
                $"What {address.Host} says of its Access application is not to be believed, so nobody is signed in there: {error.Message}", error);
        }
    }

    /// <summary>Checks that a token is the application's, from its team, and good now.</summary>
    /// <exception cref="AccessSignInException">It is not.</exception>
    public async Task VerifyAsync(string token, AccessMetadata application, CancellationToken cancellationToken)
    {
        try
        {
            await WithKeysAsync(application.AuthDomain, keys => new AccessTokenValidator(new AccessTokenValidatorOptions
            {
                Issuer = "https://" + application.AuthDomain,
                Audiences = [application.Audience],
                Keys = keys,
                ClockSkew = TimeSpan.FromSeconds(60),
                TimeProvider = time,
            }).ValidateAsync(token), cancellationToken).ConfigureAwait(false);
        }
        catch (AccessTokenException error)
        {
            throw new AccessSignInException($"What arrived is no token for {address.Host}: {error.Message} Sign in again.", error);
        }
    }

    private async Task<string> AskAsync(CancellationToken cancellationToken)
    {
        using var request = new HttpRequestMessage(HttpMethod.Head, address.ToString());
        request.Headers.Add(RequestHeader, "true");
        using var response = await SendAsync(request, cancellationToken).ConfigureAwait(false);
        return response.Headers.TryGetValues(ResponseHeader, out var values) && values.SingleOrDefault() is { Length: > 0 } token
            ? token
            : throw new AccessSignInException(
                $"There is no Access application at {address} (status {(int)response.StatusCode}). Check the name; nobody has to sign in there.");
    }

    private async Task<T> WithKeysAsync<T>(string team, Func<AccessTokenKeys, Task<T>> use, CancellationToken cancellationToken)
    {
        var file = store.KeysFileOf(team);
        var age = File.Exists(file) ? time.GetUtcNow() - File.GetLastWriteTimeUtc(file) : TimeSpan.MaxValue;
        if (age < s_keepKeys && Read(file) is { } kept)
        {
            try
            {
                return await use(kept).ConfigureAwait(false);
            }
            catch (AccessTokenException error) when (
                age > s_refreshKeys && error.Refusal is AccessTokenRefusal.UnknownKey or AccessTokenRefusal.BadSignature)
            {
                // The team may have rotated its keys.
            }
        }

        return await use(await FetchAsync(team, file, cancellationToken).ConfigureAwait(false)).ConfigureAwait(false);
    }

    private async Task<AccessTokenKeys> FetchAsync(string team, string file, CancellationToken cancellationToken)
    {
        using var request = new HttpRequestMessage(HttpMethod.Get, new UriBuilder("https", team, SignInLink.PortOf(team, address.Port), "/cdn-cgi/access/certs").Uri);
        using var response = await SendAsync(request, cancellationToken).ConfigureAwait(false);
        if (response.StatusCode != HttpStatusCode.OK)
        {
            throw new AccessSignInException($"The keys of {team} cannot be had (status {(int)response.StatusCode}). Try again later.");
        }

        var json = await response.Content.ReadAsByteArrayAsync(cancellationToken).ConfigureAwait(false);
        try
        {
            var keys = AccessTokenKeys.Parse(json);
            store.Prepare();
            AtomicFile.ReplacePrivate(file, json);
            return keys;
        }
        catch (FormatException error)
        {
            throw new AccessSignInException($"{team} does not answer with its keys: {error.Message}", error);
        }
    }

    private async Task<HttpResponseMessage> SendAsync(HttpRequestMessage request, CancellationToken cancellationToken)
    {
        using var limit = new CancellationTokenSource(s_timeout, time);
        using var either = CancellationTokenSource.CreateLinkedTokenSource(limit.Token, cancellationToken);
        try
        {
            return await http.SendAsync(request, HttpCompletionOption.ResponseContentRead, either.Token).ConfigureAwait(false);
        }
        catch (HttpRequestException error)
        {
            throw new AccessSignInException($"{request.RequestUri!.Authority} cannot be reached: {error.InnerException?.Message ?? error.Message}", error);
        }
        catch (OperationCanceledException error) when (!cancellationToken.IsCancellationRequested)
        {
            throw new AccessSignInException($"{request.RequestUri!.Authority} does not answer.", error);
        }
    }

    private static AccessTokenKeys? Read(string file)
    {
        try
        {
            return AccessTokenKeys.Parse(File.ReadAllBytes(file));
        }
        catch (Exception e) when (e is IOException or UnauthorizedAccessException or FormatException)
        {
            return null;
        }
    }
}
