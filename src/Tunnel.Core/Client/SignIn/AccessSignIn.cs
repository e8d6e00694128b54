using System.Text.Json;
using Tunnel.Core.Login;
using Tunnel.Protocol.Tokens;
using Tunnel.Protocol.Transfers;

namespace Tunnel.Core.Client.SignIn;

/// <summary>
/// Gets a person's token for an Access application: the one that is kept, else one for the organisation's token, else by a
/// browser, which one process opens while the others wait for it. Works with the files of cloudflared (<c>token/token.go</c>).
/// </summary>
/// <example><code>
/// using var signIn = new AccessSignIn(new AccessSignInOptions
/// {
///     Client = new AccessClientOptions { Address = "ssh.example.com" },
///     CertificateAuthorityOption = "--cacert",
///     Say = lines => lines.ToList().ForEach(Console.Error.WriteLine),
/// });
/// StoredAccessToken token = await signIn.GetTokenAsync(cancellationToken);
/// </code></example>
public sealed class AccessSignIn : IDisposable
{
    private static readonly TimeSpan s_answerTimeout = TimeSpan.FromSeconds(15);
    private static readonly TimeSpan s_pause = TimeSpan.FromMilliseconds(500);

    private readonly AccessSignInOptions _options;
    private readonly HttpClient _http;
    private readonly ApplicationFinder _finder;

    public AccessSignIn(AccessSignInOptions options)
    {
        ArgumentNullException.ThrowIfNull(options);
        _options = options;
        _http = TeamHttp.Create(options.Client);
        _finder = new ApplicationFinder(_http, options.Client.Address, options.Store, options.TimeProvider);
    }

    private AccessAddress Address => _options.Client.Address;

    /// <summary>The application at the address.</summary>
    /// <exception cref="AccessSignInException">There is none, or it is not to be believed.</exception>
    public Task<AccessMetadata> FindApplicationAsync(CancellationToken cancellationToken = default) => _finder.FindAsync(cancellationToken);

    /// <summary>A token that is good by its own word; the edge may have revoked it since.</summary>
    /// <exception cref="AccessSignInException">There is no application, or nobody signed in.</exception>
    /// <exception cref="TimeoutException">Nobody signed in in time.</exception>
    public async Task<StoredAccessToken> GetTokenAsync(CancellationToken cancellationToken = default) => await GetTokenAsync(
        await FindApplicationAsync(cancellationToken).ConfigureAwait(false), default, cancellationToken).ConfigureAwait(false);

    /// <summary>A token in place of one that the edge did not take; what another process has got meanwhile counts.</summary>
    /// <exception cref="AccessSignInException">Nobody signed in.</exception>
    /// <exception cref="TimeoutException">Nobody signed in in time.</exception>
    public async Task<StoredAccessToken> RenewTokenAsync(string refused, CancellationToken cancellationToken = default)
    {
        ArgumentNullException.ThrowIfNull(refused);
        var application = await FindApplicationAsync(cancellationToken).ConfigureAwait(false);
        return await GetTokenAsync(application, new Refused(refused, null), cancellationToken).ConfigureAwait(false);
    }

    /// <summary>A token that the edge takes: the one that is kept, or one of a new sign-in.</summary>
    /// <param name="isAnew">Whether what is kept does not count.</param>
    /// <exception cref="AccessSignInException">There is no application, or nobody signed in.</exception>
    /// <exception cref="TimeoutException">Nobody signed in in time.</exception>
    public async Task<StoredAccessToken> GetTakenTokenAsync(bool isAnew = false, CancellationToken cancellationToken = default)
    {
        var application = await FindApplicationAsync(cancellationToken).ConfigureAwait(false);
        // What is kept goes when there is something in its place, and not before: the person may say no.
        var refused = isAnew ? new Refused(_options.Store.Find(application)?.Token, _options.Store.FindOrganization(application)) : default;
        var token = await GetTokenAsync(application, refused, cancellationToken).ConfigureAwait(false);
        if (await IsTakenAsync(token, cancellationToken).ConfigureAwait(false))
        {
            return token;
        }

        token = await RenewTokenAsync(token.Token, cancellationToken).ConfigureAwait(false);
        return await IsTakenAsync(token, cancellationToken).ConfigureAwait(false)
            ? token
            : throw new AccessSignInException("The edge does not take the token that it has just given. Is this machine's clock right?");
    }

    public void Dispose() => _http.Dispose();

    private async Task<StoredAccessToken> GetTokenAsync(AccessMetadata application, Refused refused, CancellationToken cancellationToken) =>
        Find(application, refused) ?? await SignInAsync(application, refused, cancellationToken).ConfigureAwait(false);

    private StoredAccessToken? Find(AccessMetadata application, Refused refused) =>
        _options.Store.Find(application) is { } kept && kept.Token != refused.Application ? kept : null;

    private string? FindOrganization(AccessMetadata application, Refused refused) =>
        _options.Store.FindOrganization(application) is { } kept && kept != refused.Organization ? kept : null;

    /// <summary>A request with a token that is good is not sent to the sign-in.</summary>
    private async Task<bool> IsTakenAsync(StoredAccessToken token, CancellationToken cancellationToken)
    {
        using var limit = new CancellationTokenSource(s_answerTimeout, _options.TimeProvider);
        using var either = CancellationTokenSource.CreateLinkedTokenSource(limit.Token, cancellationToken);
        using var request = new HttpRequestMessage(HttpMethod.Head, Address.ToString());
        request.Headers.TryAddWithoutValidation("Cf-Access-Token", token.Token);
        try
        {
            using var response = await _http.SendAsync(request, HttpCompletionOption.ResponseHeadersRead, either.Token).ConfigureAwait(false);
            return response.Headers.Location is not { } location || !Uri.TryCreate(request.RequestUri, location, out var next)
                || !next.AbsolutePath.StartsWith("/cdn-cgi/access/login", StringComparison.Ordinal);
        }
        catch (HttpRequestException error)
        {
            throw new AccessSignInException($"{Address.Host} cannot be reached: {error.Message}", error);
        }
        catch (OperationCanceledException error) when (!cancellationToken.IsCancellationRequested)
        {
            throw new AccessSignInException($"{Address.Host} does not answer.", error);
        }
    }

    private async Task<StoredAccessToken> SignInAsync(AccessMetadata application, Refused refused, CancellationToken cancellationToken)
    {
        _options.Store.Prepare();
        using var limit = new CancellationTokenSource(_options.Timeout, _options.TimeProvider);
        using var either = CancellationTokenSource.CreateLinkedTokenSource(limit.Token, cancellationToken);
        try
        {
            // The application's lock first, then the team's: each process in the same order.
            var (mine, found) = await TakeAsync(
                _options.Store.FileOf(application), () => Find(application, refused), either.Token).ConfigureAwait(false);
            using (mine)
            {
                return found ?? await FetchAsync(application, refused, mine!, either.Token).ConfigureAwait(false);
            }
        }
        catch (OperationCanceledException) when (limit.IsCancellationRequested && !cancellationToken.IsCancellationRequested)
        {
            throw new TimeoutException($"Nobody signed in to {Address.Host} in time. Start again and open the link that is shown.");
        }
    }

    private async Task<StoredAccessToken> FetchAsync(
        AccessMetadata application, Refused refused, SignInLock mine, CancellationToken cancellationToken)
    {
        var kept = FindOrganization(application, refused);
        if (kept is not null && await ExchangeAsync(application, kept, cancellationToken).ConfigureAwait(false) is { } exchanged)
        {
            return exchanged;
        }

        // Another application of the team may be signed in to just now: the organisation's token that it gets opens this one, too.
        var (team, fresh) = await TakeAsync(
            _options.Store.OrganizationFileOf(application),
            () => FindOrganization(application, refused) is { } other && other != kept ? other : null, cancellationToken).ConfigureAwait(false);
        using (team)
        {
            return fresh is not null && await ExchangeAsync(application, fresh, cancellationToken).ConfigureAwait(false) is { } late
                ? late
                : await TransferAsync(application, mine, cancellationToken).ConfigureAwait(false);
        }
    }

    /// <summary>
    /// Null where it does not work, for whatever reason: then the person is asked. The organisation's token stays, for it may
    /// be this application alone that refuses; the next sign-in brings another.
    /// </summary>
    private async Task<StoredAccessToken?> ExchangeAsync(AccessMetadata application, string organization, CancellationToken cancellationToken)
    {
        try
        {
            if (await new TokenExchange(_http, Address, _options.TimeProvider)
                .RunAsync(application.AuthDomain, organization, cancellationToken).ConfigureAwait(false) is not { } token)
            {
                return null;
            }

            await _finder.VerifyAsync(token, application, cancellationToken).ConfigureAwait(false);
            return _options.Store.WriteApplication(application, token);
        }
        catch (AccessSignInException)
        {
            return null;
        }
    }

    private async Task<StoredAccessToken> TransferAsync(AccessMetadata application, SignInLock mine, CancellationToken cancellationToken)
    {
        using var keys = TransferKeyPair.Generate();
        var link = SignInLink.Format(Address, application, keys.PublicKey, _options.ClosesPage);
        mine.WriteLink(link);
        var isOpened = _options.OpensBrowser && new BrowserLauncher(_options.Variable).TryOpen(link);
        _options.Say(SignInLink.Instructions(link, Address.Host, isOpened));

        var store = _options.TransferAddress ?? SignInLink.TransferAddress(application, Address.Port);
        var client = new TransferClient(_http, $"The token for {Address.Host}", _options.CertificateAuthorityOption, _options.TimeProvider);
        var (token, organization) = Open(
            await FetchAsync(client, new Uri(store, "transfer/" + keys.PublicKey), cancellationToken).ConfigureAwait(false), keys);
        await _finder.VerifyAsync(token, application, cancellationToken).ConfigureAwait(false);
        _options.Store.WriteOrganization(application, organization);
        return _options.Store.WriteApplication(application, token);
    }

    private static async Task<TransferContent> FetchAsync(TransferClient client, Uri address, CancellationToken cancellationToken)
    {
        try
        {
            return await client.FetchAsync(address, cancellationToken).ConfigureAwait(false);
        }
        catch (LoginException error)
        {
            throw new AccessSignInException(error.Message, error);
        }
    }

    private (string Application, string Organization) Open(TransferContent content, TransferKeyPair keys)
    {
        try
        {
            var sender = content.Sender ?? throw new TransferFormatException("It is not encrypted.");
            var opened = keys.Open(new SealedTransfer(content.Text, sender));
            var tokens = JsonSerializer.Deserialize(opened, TransferredTokensJson.Default.TransferredTokens);
            return (tokens?.ApplicationToken ?? throw new TransferFormatException("It holds no token."), tokens.OrganizationToken ?? "");
        }
        catch (Exception e) when (e is FormatException or JsonException)
        {
            throw new AccessSignInException($"What arrived is no token for {Address.Host}. Start again. {e.Message}", e);
        }
    }

    /// <summary>Waits for the lock, or for what its owner gets.</summary>
    private async Task<(SignInLock? Lock, T? Found)> TakeAsync<T>(string file, Func<T?> find, CancellationToken cancellationToken)
        where T : class
    {
        string? told = null;
        while (true)
        {
            var taken = SignInLock.TryTake(file, _options.TimeProvider);
            if (find() is { } found)
            {
                return (taken, found);
            }

            if (taken is not null)
            {
                return (taken, null);
            }

            if (SignInLock.ReadLink(file) is { } link && link != told)
            {
                told = link;
                _options.Say(["Another program is waiting for this sign-in already. If no browser has opened, open this link:", link]);
            }

            await Task.Delay(s_pause, _options.TimeProvider, cancellationToken).ConfigureAwait(false);
        }
    }

    /// <summary>Tokens that do not count, though they are kept.</summary>
    /// <remarks>No record: it holds secrets, which nothing may print by accident.</remarks>
    private readonly struct Refused(string? application, string? organization)
    {
        public string? Application { get; } = application;

        public string? Organization { get; } = organization;
    }
}
