using System.Text;
using Tunnel.Core.Accounts;
using Tunnel.Core.Files;
using Tunnel.Protocol.Credentials;
using Tunnel.Protocol.Transfers;

namespace Tunnel.Core.Login;

/// <summary>
/// A login by browser: a person signs in there and picks a zone, and an origin certificate arrives here. Speaks as
/// cloudflared's <c>tunnel login</c> does (<c>token/transfer.go</c>).
/// </summary>
/// <example><code>
/// using var login = BrowserLogin.Begin(new BrowserLoginOptions { CertificateFile = "/home/a/.cloudflared/cert.pem" });
/// Console.WriteLine($"Open {login.Link}");
/// login.OpenBrowser();
/// OriginCertificate certificate = await login.WaitAsync(cancellationToken);
/// </code></example>
public sealed class BrowserLogin : IDisposable
{
    private const string SealedPath = "transfer/";

    private readonly BrowserLoginOptions _options;
    private readonly TransferKeyPair _keys;
    private readonly TransferClient _client;
    private readonly Uri _source;
    private readonly bool _isEncrypted;
    private readonly bool _overwrite;

    private BrowserLogin(BrowserLoginOptions options, string file)
    {
        var store = Folder(options.CallbackAddress);
        _options = options;
        _overwrite = options.Overwrite;
        _isEncrypted = options.IsEncrypted ?? store.Host != BrowserLoginOptions.CloudflareCallbackAddress.Host;
        _client = new TransferClient(
            options.CertificateAuthorityFile is { } authorities ? AccountCertificates.Load(authorities) : null, options.TimeProvider);
        _keys = TransferKeyPair.Generate();
        _source = new Uri(store, $"{(_isEncrypted ? SealedPath : "")}{_keys.PublicKey}");
        Link = Format(options.LoginAddress, _source);
        CertificateFile = file;
    }

    /// <summary>What the person opens. To know it is enough to fetch a certificate that is not encrypted: it is for them only.</summary>
    public Uri Link { get; }

    /// <summary>The key of this login, to compare with what the page shows, such as <c>7QK2-M0XF-93TA</c>.</summary>
    public string Fingerprint => _keys.PublicKey.Fingerprint;

    /// <summary>The file that will be written.</summary>
    public string CertificateFile { get; }

    /// <summary>What to tell the person, as lines.</summary>
    /// <param name="isOpened">Whether a browser was started for them.</param>
    public IEnumerable<string> Instructions(bool isOpened)
    {
        yield return isOpened
            ? "A browser window should have opened. If it has not, open this link yourself:"
            : "Open this link in a browser, sign in, and pick a zone:";
        yield return Link.AbsoluteUri;
        // Cloudflare's page knows nothing of it.
        if (_isEncrypted)
        {
            yield return $"Go on there only if the page shows this key: {Fingerprint}";
        }
    }

    /// <summary>Makes a key for this login. Nothing is sent or written yet.</summary>
    /// <exception cref="LoginException">There is a certificate already; an address is not HTTPS; the folder cannot be made.</exception>
    /// <exception cref="AccountException">The file of authorities cannot be used.</exception>
    public static BrowserLogin Begin(BrowserLoginOptions options)
    {
        ArgumentNullException.ThrowIfNull(options);
        foreach (var address in (Uri[])[options.LoginAddress, options.CallbackAddress])
        {
            if (address is not { IsAbsoluteUri: true, Scheme: "https", Fragment: "" })
            {
                throw new LoginException($"'{address}' is not an address that begins with https://.") { Error = LoginError.InvalidRequest };
            }
        }

        var file = Path.GetFullPath(options.CertificateFile);
        Prepare(file, options.Overwrite);
        return new BrowserLogin(options, file);
    }

    /// <summary>Shows the link in a browser, if this machine has one that shows itself to somebody.</summary>
    /// <returns>False when there is none, or it does not start.</returns>
    public bool OpenBrowser() => new BrowserLauncher(_options.Variable).TryOpen(Link);

    /// <summary>Waits for the certificate, and writes it.</summary>
    /// <exception cref="LoginException">The person said no; the store cannot be reached; what came is no certificate.</exception>
    /// <exception cref="TimeoutException">Nobody answered in time.</exception>
    /// <exception cref="IOException">The file cannot be written.</exception>
    public async Task<OriginCertificate> WaitAsync(CancellationToken cancellationToken = default)
    {
        using var limit = new CancellationTokenSource(_options.Timeout, _options.TimeProvider);
        using var either = CancellationTokenSource.CreateLinkedTokenSource(limit.Token, cancellationToken);
        TransferContent content;
        try
        {
            content = await _client.FetchAsync(_source, either.Token).ConfigureAwait(false);
        }
        catch (OperationCanceledException) when (limit.IsCancellationRequested && !cancellationToken.IsCancellationRequested)
        {
            throw new TimeoutException("Nobody answered the login in time. Start it again and open the link that it shows.");
        }

        var (certificate, pem) = Read(content);
        Write(pem);
        return certificate;
    }

    public void Dispose()
    {
        _keys.Dispose();
        _client.Dispose();
    }

    private (OriginCertificate Certificate, string Pem) Read(TransferContent content)
    {
        try
        {
            var text = !_isEncrypted ? content.Text
                : content.Sender is { } sender ? Encoding.UTF8.GetString(_keys.Open(new SealedTransfer(content.Text, sender)))
                : throw new TransferFormatException("It is not encrypted.");
            var certificate = OriginCertificate.Parse(text);
            // Written anew: of what came, the file holds what was understood.
            return (certificate, certificate.ToPem());
        }
        catch (FormatException e)
        {
            throw new LoginException($"What arrived is no certificate of this login. Start it again. {e.Message}", e)
            {
                Error = LoginError.InvalidCertificate,
            };
        }
    }

    private void Write(string pem)
    {
        var bytes = Encoding.ASCII.GetBytes(pem);
        // Looked at again: since the beginning, another login may have ended.
        if (_overwrite || new FileInfo(CertificateFile) is { Exists: true, Length: 0 })
        {
            AtomicFile.ReplacePrivate(CertificateFile, bytes);
        }
        else if (!AtomicFile.TryCreatePrivate(CertificateFile, bytes))
        {
            throw Exists(CertificateFile);
        }
    }

    /// <summary>Before anybody signs in: who has done so should not be told that it was for nothing.</summary>
    private static void Prepare(string file, bool overwrite)
    {
        try
        {
            var present = new FileInfo(file);
            // cloudflared as well takes an empty file for none.
            if (present.Exists && present.Length > 0 && !overwrite)
            {
                throw Exists(file);
            }

            AtomicFile.CreatePrivateDirectory(Path.GetDirectoryName(file)!);
        }
        catch (Exception e) when (e is IOException or UnauthorizedAccessException)
        {
            throw new LoginException($"The certificate cannot be kept in '{file}': {e.Message}", e) { Error = LoginError.InvalidRequest };
        }
    }

    private static LoginException Exists(string file) =>
        new($"There is a certificate in '{file}' already. Use that one, or replace it with -Force: nothing can bring it back then.")
        {
            Error = LoginError.CertificateExists,
        };

    private static Uri Folder(Uri address) => address.AbsolutePath.EndsWith('/')
        ? address
        : new UriBuilder(address) { Path = address.AbsolutePath + "/" }.Uri;

    private static Uri Format(Uri login, Uri callback)
    {
        var query = login.Query.TrimStart('?');
        return new UriBuilder(login)
        {
            Query = $"{query}{(query.Length == 0 ? "" : "&")}aud=&callback={Uri.EscapeDataString(callback.AbsoluteUri)}",
        }.Uri;
    }
}
