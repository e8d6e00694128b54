using System.Security.Cryptography;
using System.Text;
using Tunnel.Core.Client;
using Tunnel.Core.Client.SignIn;
using Tunnel.Core.Files;
using Tunnel.Protocol.Ssh;

namespace Tunnel.Core.Ssh.Certificates;

/// <summary>
/// The short-lived SSH certificates of the person at this machine: one key and certificate a host, in cloudflared's
/// folder under its names, readable by their owner only.
/// </summary>
/// <remarks>
/// A certificate is kept until less than a minute of it is left. Then it is renewed for the same key, so that an ssh
/// that reads the files meanwhile finds two that belong together; a key is used for an hour at most. Where the
/// certificate has ended, nobody can be using the key, and there is a fresh one.
/// </remarks>
/// <param name="folder">Where the files are; null for <c>~/.cloudflared</c>.</param>
/// <param name="time">The clock.</param>
public sealed class ShortLivedCertificates(string? folder = null, TimeProvider? time = null)
{
    private const int MaxFile = 64 * 1024;

    private static readonly TimeSpan s_keep = TimeSpan.FromMinutes(1);
    private static readonly TimeSpan s_keyAge = TimeSpan.FromHours(1);
    private static readonly TimeSpan s_lockTimeout = TimeSpan.FromSeconds(60);
    private static readonly TimeSpan s_lockRetry = TimeSpan.FromMilliseconds(20);

    private readonly TimeProvider _time = time ?? TimeProvider.System;

    /// <summary>As the other, by the application token in <paramref name="client"/>, else by a sign-in, which may ask the person.</summary>
    /// <exception cref="SshCertificateException">It was refused, or cannot be written.</exception>
    /// <exception cref="AccessSignInException">Nobody signed in.</exception>
    /// <exception cref="TimeoutException">Nobody signed in in time.</exception>
    public Task<ShortLivedCertificate> EnsureAsync(
        AccessClientOptions client, AccessSignIn signIn, bool force, CancellationToken cancellationToken)
    {
        ArgumentNullException.ThrowIfNull(client);
        ArgumentNullException.ThrowIfNull(signIn);
        return EnsureAsync(client, async (refused, stopping) => client.AppToken ?? (refused is null
            ? await signIn.GetTokenAsync(stopping).ConfigureAwait(false)
            : await signIn.RenewTokenAsync(refused, stopping).ConfigureAwait(false)).Token, force, cancellationToken);
    }

    /// <summary>The certificate for a host: the one that is there while it is good for a minute more, else a new one.</summary>
    /// <param name="client">The application and the way to it; what is shown there is <paramref name="token"/>.</param>
    /// <param name="token">
    /// Gets the application's token, or another one instead of a token that was refused; it may take as long as a person
    /// takes to sign in.
    /// </param>
    /// <param name="force">Sign a new one, for a fresh key, whatever is there.</param>
    /// <exception cref="SshCertificateException">It was refused, or cannot be written.</exception>
    public async Task<ShortLivedCertificate> EnsureAsync(
        AccessClientOptions client, Func<string?, CancellationToken, Task<string>> token, bool force = false,
        CancellationToken cancellationToken = default)
    {
        ArgumentNullException.ThrowIfNull(client);
        ArgumentNullException.ThrowIfNull(token);
        var files = ShortLivedCertificateFiles.Of(folder, client.Address);
        if (!force && Find(files, client.Address, s_keep) is { } kept)
        {
            return kept;
        }

        // Before the lock: others shall not wait for a person.
        var shown = await token(null, cancellationToken).ConfigureAwait(false);
        try
        {
            return await SignAsync(client, files, shown, force, cancellationToken).ConfigureAwait(false);
        }
        catch (SshCertificateException error) when (error.StatusCode == 401)
        {
            if (await token(shown, cancellationToken).ConfigureAwait(false) is var other && other == shown)
            {
                throw;
            }

            return await SignAsync(client, files, other, force, cancellationToken).ConfigureAwait(false);
        }
    }

    /// <summary>The certificate of a host that has not ended; null when there is none.</summary>
    public ShortLivedCertificate? Find(AccessAddress address) =>
        Find(ShortLivedCertificateFiles.Of(folder, address), address, TimeSpan.Zero);

    private async Task<ShortLivedCertificate> SignAsync(
        AccessClientOptions client, ShortLivedCertificateFiles files, string shown, bool force, CancellationToken cancellationToken)
    {
        try
        {
            AtomicFile.CreatePrivateDirectory(Path.GetDirectoryName(files.IdentityFile)!);
            using var _ = await LockAsync(files, cancellationToken).ConfigureAwait(false);
            if (!force && Find(files, client.Address, s_keep) is { } others)
            {
                return others;
            }

            using var known = force || Find(files, client.Address, TimeSpan.Zero) is null ? null : ReadKey(files);
            using var key = known ?? ECDsa.Create(ECCurve.NamedCurves.nistP256);
            var publicKey = SshPublicKey.From(key.ExportParameters(includePrivateParameters: false));
            var certificate = await new CertificateSigningClient(client).SignAsync(shown, publicKey, cancellationToken).ConfigureAwait(false);
            Write(files, known is null ? key : null, publicKey, certificate);
            return Show(files, client.Address, certificate) with { IsNew = true };
        }
        catch (Exception error) when (error is IOException or UnauthorizedAccessException)
        {
            throw new SshCertificateException($"'{files.CertificateFile}' cannot be written: {error.Message}", error);
        }
    }

    private ShortLivedCertificate? Find(ShortLivedCertificateFiles files, AccessAddress address, TimeSpan left)
    {
        try
        {
            if (!File.Exists(files.IdentityFile) || ReadText(files.CertificateFile) is not { } text || ReadText(files.PublicKeyFile) is not { } line)
            {
                return null;
            }

            var certificate = SshCertificate.Parse(text);
            var now = _time.GetUtcNow();
            return certificate.Content.ValidAfter <= now && now + left < certificate.Content.ValidBefore
                && SshPublicKey.Parse(line).Fingerprint == certificate.Content.Key.Fingerprint
                    ? Show(files, address, certificate) : null;
        }
        catch (Exception error) when (error is IOException or UnauthorizedAccessException or SshKeyFormatException)
        {
            return null; // What cannot be read is made anew.
        }
    }

    private static string? ReadText(string path) =>
        new FileInfo(path) is { Exists: true, Length: <= MaxFile } ? File.ReadAllText(path).Trim() : null;

    private ECDsa? ReadKey(ShortLivedCertificateFiles files)
    {
        var made = File.GetLastWriteTimeUtc(files.IdentityFile);
        if (_time.GetUtcNow() - made >= s_keyAge || ReadText(files.IdentityFile) is not { } pem)
        {
            return null;
        }

        var key = ECDsa.Create();
        try
        {
            key.ImportFromPem(pem);
            // cloudflared makes keys on P-256 too; of others nothing is known here.
            if (key.KeySize == 256)
            {
                return key;
            }
        }
        catch (Exception error) when (error is ArgumentException or CryptographicException)
        {
            // Another program's key: there will be one of ours.
        }

        key.Dispose();
        return null;
    }

    // The certificate last: what is there before belongs to no key, or to this one.
    private static void Write(ShortLivedCertificateFiles files, ECDsa? fresh, SshPublicKey publicKey, SshCertificate certificate)
    {
        if (fresh is not null)
        {
            AtomicFile.ReplacePrivate(files.IdentityFile, Encoding.ASCII.GetBytes(fresh.ExportECPrivateKeyPem() + "\n"));
            AtomicFile.ReplacePrivate(files.PublicKeyFile, Encoding.ASCII.GetBytes(publicKey + "\n"));
        }

        AtomicFile.ReplacePrivate(files.CertificateFile, Encoding.ASCII.GetBytes(certificate + "\n"));
    }

    private static ShortLivedCertificate Show(ShortLivedCertificateFiles files, AccessAddress address, SshCertificate certificate) => new()
    {
        Hostname = address.Host,
        Principals = certificate.Content.Principals,
        ValidFrom = certificate.Content.ValidAfter.ToLocalTime(),
        ValidUntil = certificate.Content.ValidBefore.ToLocalTime(),
        KeyId = certificate.Content.KeyId,
        Serial = certificate.Content.Serial,
        Authority = certificate.Authority.Fingerprint,
        IdentityFile = files.IdentityFile,
        Path = files.CertificateFile,
    };

    private async Task<FileStream> LockAsync(ShortLivedCertificateFiles files, CancellationToken cancellationToken)
    {
        var options = new FileStreamOptions { Mode = FileMode.OpenOrCreate, Access = FileAccess.ReadWrite, Share = FileShare.None };
        if (!OperatingSystem.IsWindows())
        {
            options.UnixCreateMode = AtomicFile.PrivateFile;
        }

        var started = _time.GetTimestamp();
        while (true)
        {
            try
            {
                return new FileStream(files.LockFile, options);
            }
            catch (IOException) when (_time.GetElapsedTime(started) < s_lockTimeout && File.Exists(files.LockFile))
            {
                await Task.Delay(s_lockRetry, cancellationToken).ConfigureAwait(false);
            }
        }
    }
}
