namespace Tunnel.Core.Client.SignIn;

/// <summary>Makes the organisation's token into an application's, as cloudflared's <c>exchangeOrgToken</c> does.</summary>
internal sealed class TokenExchange(HttpClient http, AccessAddress address, TimeProvider time)
{
    private const string TokenCookie = "CF_Authorization";
    private const string SessionCookie = "CF_AppSession";
    private const string LoginPath = "/cdn-cgi/access/login";
    private const string AuthorizedPath = "/cdn-cgi/access/authorized";
    private const int MaxSteps = 6;

    private static readonly TimeSpan s_timeout = TimeSpan.FromSeconds(10);

    /// <returns>The application's token, unchecked; null when the team does not take the organisation's.</returns>
    public async Task<string?> RunAsync(string authDomain, string organizationToken, CancellationToken cancellationToken)
    {
        using var limit = new CancellationTokenSource(s_timeout, time);
        using var either = CancellationTokenSource.CreateLinkedTokenSource(limit.Token, cancellationToken);
        try
        {
            return await FollowAsync(authDomain, organizationToken, either.Token).ConfigureAwait(false);
        }
        catch (Exception e) when (e is HttpRequestException || (e is OperationCanceledException && !cancellationToken.IsCancellationRequested))
        {
            return null;
        }
    }

    private async Task<string?> FollowAsync(string authDomain, string organizationToken, CancellationToken cancellationToken)
    {
        var next = new Uri(address.ToString());
        string? session = null;
        for (var step = 0; step < MaxSteps; step++)
        {
            // Only ever to the team over TLS, whatever a redirect says.
            var isLogin = next.Host.Equals(authDomain, StringComparison.OrdinalIgnoreCase)
                && next.AbsolutePath.StartsWith(LoginPath, StringComparison.Ordinal);
            var isEnd = next.Host.Equals(address.Host, StringComparison.OrdinalIgnoreCase) && next.AbsolutePath == AuthorizedPath;
            if (next.Scheme != Uri.UriSchemeHttps || (next.Port != address.Port && next.Port != 443))
            {
                return null;
            }

            using var request = new HttpRequestMessage(HttpMethod.Head, next);
            var cookie = isLogin ? $"{TokenCookie}={organizationToken}" : isEnd && session is not null ? $"{SessionCookie}={session}" : null;
            if (cookie is not null)
            {
                request.Headers.TryAddWithoutValidation("Cookie", cookie);
            }

            using var response = await http.SendAsync(request, HttpCompletionOption.ResponseHeadersRead, cancellationToken).ConfigureAwait(false);
            if (isEnd)
            {
                return ReadCookie(response, TokenCookie);
            }

            session ??= ReadCookie(response, SessionCookie);
            if ((int)response.StatusCode is < 300 or >= 400 || response.Headers.Location is not { } location)
            {
                return null;
            }

            if (!Uri.TryCreate(next, location, out var following))
            {
                return null;
            }

            next = following;
        }

        return null;
    }

    private static string? ReadCookie(HttpResponseMessage response, string name)
    {
        if (!response.Headers.TryGetValues("Set-Cookie", out var lines))
        {
            return null;
        }

        foreach (var line in lines)
        {
            if (line.StartsWith(name + "=", StringComparison.Ordinal))
            {
                return line[(name.Length + 1)..].Split(';')[0] is { Length: > 0 } value ? value : null;
            }
        }

        return null;
    }
}
