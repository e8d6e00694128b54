using System.Net;
using System.Security.Cryptography.X509Certificates;
using Tunnel.Protocol.Transfers;
using Tunnel.Protocol.Trust;

namespace Tunnel.Core.Login;

/// <summary>Fetches what a browser leaves for this program: asks the store again and again until it is there.</summary>
internal sealed class TransferClient : IDisposable
{
    private const int MaxBytes = SealedTransfer.MaxLength;

    /// <summary>In a row: a store that fails this often is not there.</summary>
    private const int MaxFaults = 5;

    /// <summary>Stores hold a request for somewhat less than a minute.</summary>
    private static readonly TimeSpan s_requestTimeout = TimeSpan.FromSeconds(75);

    /// <summary>Between two requests, where the store does not hold them.</summary>
    private static readonly TimeSpan s_pause = TimeSpan.FromSeconds(1);

    private readonly HttpClient _http;
    private readonly string _what;
    private readonly string _authorityOption;
    private readonly TimeProvider _time;

    /// <param name="what">What is fetched, for people to read.</param>
    /// <param name="authorityOption">What people name an authority with.</param>
    public TransferClient(HttpClient http, string what, string authorityOption, TimeProvider time) =>
        (_http, _what, _authorityOption, _time) = (http, what, authorityOption, time);

    public TransferClient(X509Certificate2Collection? authorities, TimeProvider time)
    {
        _time = time;
        _what = "The certificate";
        _authorityOption = "-CertificateAuthorityFile"; // of Connect-TunnelAccount
#pragma warning disable CA2000 // HttpClient owns and disposes the handler.
        var handler = new SocketsHttpHandler
        {
            AllowAutoRedirect = false, UseCookies = false, ConnectTimeout = TimeSpan.FromSeconds(15),
        };
#pragma warning restore CA2000
        if (authorities is not null)
        {
            handler.SslOptions.CertificateChainPolicy = PrivateAuthorities.TrustOnly(authorities);
        }

        _http = new HttpClient(handler) { Timeout = Timeout.InfiniteTimeSpan, MaxResponseContentBufferSize = MaxBytes };
    }

    /// <exception cref="LoginException">The person said no, or the store cannot be reached.</exception>
    public async Task<TransferContent> FetchAsync(Uri address, CancellationToken cancellationToken)
    {
        var faults = 0;
        while (true)
        {
            var asked = _time.GetTimestamp();
            try
            {
                if (await AskAsync(address, cancellationToken).ConfigureAwait(false) is { } content)
                {
                    return content;
                }

                faults = 0;
            }
            catch (Exception e) when (IsFault(e, cancellationToken))
            {
                faults++;
                if (e is HttpRequestException { HttpRequestError: HttpRequestError.ConfigurationLimitExceeded })
                {
                    throw new LoginException($"{_what} cannot be fetched from {address.Authority}: what is there is far too long. Start again.", e)
                    {
                        Error = LoginError.NotReached,
                    };
                }

                if (faults >= MaxFaults || e is HttpRequestException { HttpRequestError: HttpRequestError.SecureConnectionError })
                {
                    throw NotReached(address, e);
                }
            }

            if (_time.GetElapsedTime(asked) < s_pause)
            {
                await Task.Delay(s_pause * Math.Max(1, faults), _time, cancellationToken).ConfigureAwait(false);
            }
        }
    }

    public void Dispose() => _http.Dispose();

    /// <summary>One request; null when there is nothing yet.</summary>
    private async Task<TransferContent?> AskAsync(Uri address, CancellationToken cancellationToken)
    {
        using var limit = new CancellationTokenSource(s_requestTimeout, _time);
        using var either = CancellationTokenSource.CreateLinkedTokenSource(limit.Token, cancellationToken);
        using var response = await _http.GetAsync(address, either.Token).ConfigureAwait(false);
        if (response.StatusCode == HttpStatusCode.Gone)
        {
            throw new LoginException("The login was ended in the browser: you said no there, or were not let in. Nothing was changed here.") { Error = LoginError.Cancelled };
        }

        if ((int)response.StatusCode >= 500)
        {
            throw new HttpRequestException($"the store answered {(int)response.StatusCode}", null, response.StatusCode);
        }

        if (response.StatusCode != HttpStatusCode.OK)
        {
            return null;
        }

        var text = await response.Content.ReadAsStringAsync(either.Token).ConfigureAwait(false);
        var sender = response.Headers.TryGetValues(SealedTransfer.SenderHeader, out var values)
            && TransferKey.TryParse(values.FirstOrDefault(), out var key) ? key : null;
        // An empty body is "not yet" to cloudflared as well.
        return text.Length == 0 ? null : new TransferContent(text, sender);
    }

    private static bool IsFault(Exception e, CancellationToken cancellationToken) =>
        e is HttpRequestException or IOException || (e is OperationCanceledException && !cancellationToken.IsCancellationRequested);

    private LoginException NotReached(Uri address, Exception e)
    {
        var advice = e is HttpRequestException { HttpRequestError: HttpRequestError.SecureConnectionError }
            ? $"Its certificate is not trusted: name the authority with {_authorityOption}."
            : "Check the address and the network, then start the login again.";
        return new LoginException($"{_what} cannot be fetched from {address.Authority}. {advice} {e.Message}", e)
        {
            Error = LoginError.NotReached,
        };
    }
}
