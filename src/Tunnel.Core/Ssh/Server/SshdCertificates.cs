using Tunnel.Core.Files;
using Tunnel.Protocol.Ssh;

namespace Tunnel.Core.Ssh.Server;

/// <summary>
/// Lets an sshd trust authorities: <c>TrustedUserCAKeys</c>, and for users whom others than their namesakes log in as
/// <c>AuthorizedPrincipalsFile</c>. sshd checks its configuration before and after; what it does not take is undone.
/// </summary>
/// <example><code>
/// var sshd = new SshdCertificates(new SshdOptions());
/// await sshd.ApplyAsync(await sshd.PlanEnableAsync(publicKey, [], ct), ct);
/// </code></example>
public sealed class SshdCertificates
{
    internal const string PrincipalsFolder = "tunnel_principals";

    private const string Written = "# Written by Enable-SshCertificateAuthority, taken out by Disable-SshCertificateAuthority.\n";
    private const int MaxName = 64;

    private readonly SshdOptions _options;
    private readonly SshdProgram _sshd;

    public SshdCertificates(SshdOptions options)
    {
        ArgumentNullException.ThrowIfNull(options);
        _options = options with { ConfigFile = Path.GetFullPath(options.ConfigFile) };
        _sshd = new SshdProgram(_options);
    }

    private string Folder => Path.GetDirectoryName(_options.ConfigFile)!;

    private string AuthorityFile => Path.Combine(Folder, "tunnel_user_ca.pub");

    private string DropIn => Path.Combine(Folder, "sshd_config.d", "50-tunnel-certificates.conf");

    /// <summary>How to trust an authority, beside those that are trusted already.</summary>
    /// <param name="publicKey">The line of its key.</param>
    /// <param name="principals">
    /// For users of the server: whose certificates may log in as them. Others go by their own name. Replaces what was
    /// set for the same user; no principals for a user: their own name again.
    /// </param>
    /// <param name="cancellationToken">Ends the check.</param>
    /// <exception cref="SshdException">The configuration is broken, or would not let certificates in.</exception>
    public async Task<SshdPlan> PlanEnableAsync(
        string publicKey, IReadOnlyDictionary<string, IReadOnlyList<string>> principals, CancellationToken cancellationToken)
    {
        ArgumentNullException.ThrowIfNull(principals);
        var key = ReadKey(publicKey);
        var effective = await _sshd.ReadAsync(cancellationToken).ConfigureAwait(false);
        if (effective.GetValueOrDefault("pubkeyauthentication") == "no")
        {
            throw new SshdException($"sshd takes no keys, and so no certificates: set PubkeyAuthentication to yes in {_options.ConfigFile}.");
        }

        if (effective.GetValueOrDefault("trustedusercakeys") is { } other and not "none" && other != AuthorityFile)
        {
            throw new SshdException($"sshd trusts the authorities in {other} already, and reads one such file: add the key to that one.");
        }

        var users = ReadPrincipals();
        foreach (var (user, names) in principals)
        {
            CheckNames(user, names);
            if (names.Count == 0)
            {
                users.Remove(user);
            }
            else
            {
                users[user] = names;
            }
        }

        var keys = ReadAuthorities();
        return Plan([.. keys.Where(k => k.Fingerprint != key.Fingerprint), key], users);
    }

    /// <summary>How to trust an authority no longer, or none of ours.</summary>
    /// <param name="publicKey">The line of its key; null for all that were set up here.</param>
    /// <param name="cancellationToken">Ends the check.</param>
    /// <exception cref="SshdException">The configuration is broken.</exception>
    public async Task<SshdPlan> PlanDisableAsync(string? publicKey, CancellationToken cancellationToken)
    {
        var key = publicKey is null ? null : ReadKey(publicKey);
        await _sshd.ReadAsync(cancellationToken).ConfigureAwait(false);
        return Plan([.. ReadAuthorities().Where(k => key is not null && k.Fingerprint != key.Fingerprint)], ReadPrincipals());
    }

    /// <summary>Writes what was planned, has sshd check it, and tells the running sshd. All of it, or nothing.</summary>
    /// <exception cref="SshdException">It was not taken; everything is as it was, but for what the message names.</exception>
    public async Task<SshdCertificateSettings> ApplyAsync(SshdPlan plan, CancellationToken cancellationToken)
    {
        ArgumentNullException.ThrowIfNull(plan);
        if (plan.IsEmpty)
        {
            return plan.Settings;
        }

        var isTold = false;
        try
        {
            plan.Apply();
            var effective = await _sshd.ReadAsync(cancellationToken).ConfigureAwait(false);
            if (plan.Settings.Authorities.Count > 0 && effective.GetValueOrDefault("trustedusercakeys") != AuthorityFile)
            {
                throw new SshdException($"sshd does not take TrustedUserCAKeys from {plan.Settings.SettingsFile}: another line goes before it.");
            }

            isTold = true;
            return plan.Settings with { IsChanged = true, IsReloaded = await _sshd.ReloadAsync(CancellationToken.None).ConfigureAwait(false) };
        }
        catch (Exception error)
        {
            var failures = plan.Undo().ToList();
            if (isTold)
            {
                // It may have read the new configuration all the same: now it shall read the old one.
                failures.AddRange(await TryReloadAsync().ConfigureAwait(false));
            }

            var message = error is IOException or UnauthorizedAccessException ? $"{Folder} cannot be written: {error.Message} Run it as root." : null;
            if (failures.Count > 0)
            {
                message = $"{message ?? error.Message} Not everything is as it was. {string.Join(" ", failures)} Put that right by hand.";
            }

            if (message is null)
            {
                throw;
            }

            throw new SshdException(message, error);
        }
    }

    private async Task<IEnumerable<string>> TryReloadAsync()
    {
        try
        {
            await _sshd.ReloadAsync(CancellationToken.None).ConfigureAwait(false);
            return [];
        }
        catch (SshdException error)
        {
            return [$"sshd was not told of its old configuration: {error.Message}"];
        }
    }

    private SshdPlan Plan(IReadOnlyList<SshPublicKey> keys, SortedDictionary<string, IReadOnlyList<string>> users)
    {
        var main = File.Exists(_options.ConfigFile) ? SshdText.Encoding.GetString(File.ReadAllBytes(_options.ConfigFile)) : "";
        var hasDropIns = SshdText.Includes(SshdText.Without(main), DropIn);
        if (keys.Count == 0)
        {
            users.Clear();
        }

        var plan = new SshdPlan(new SshdCertificateSettings
        {
            ConfigFile = _options.ConfigFile,
            SettingsFile = hasDropIns ? DropIn : _options.ConfigFile,
            AuthorityFile = AuthorityFile,
            Authorities = [.. keys.Select(k => k.Comment.Length == 0 ? k.Fingerprint : $"{k.Fingerprint} {k.Comment}")],
            Principals = [.. users.Select(u => $"{u.Key}: {string.Join(", ", u.Value)}")],
        });
        // What the configuration names is there before the configuration, and goes after it.
        var (general, matches) = (Written + $"TrustedUserCAKeys {Quote(AuthorityFile)}\n", Matches(users.Keys));
        void Files()
        {
            plan.Set(AuthorityFile, keys.Count == 0 ? null : string.Concat(keys.Select(k => k + "\n")));
            foreach (var user in ReadPrincipals().Keys.Union(users.Keys))
            {
                plan.Set(FileOf(user), users.TryGetValue(user, out var names) ? string.Concat(names.Select(n => n + "\n")) : null);
            }
        }

        if (keys.Count > 0)
        {
            Files();
        }

        plan.Set(DropIn, keys.Count > 0 && hasDropIns ? general + matches : null);
        plan.Set(_options.ConfigFile, keys.Count > 0 && !hasDropIns ? SshdText.With(main, general, matches) : SshdText.Without(main));
        if (keys.Count == 0)
        {
            Files();
        }

        return plan;
    }

    private string Matches(SortedDictionary<string, IReadOnlyList<string>>.KeyCollection users) => users.Count == 0 ? ""
        : $"Match User {string.Join(',', users)}\n    AuthorizedPrincipalsFile {Quote(Path.Combine(Folder, PrincipalsFolder))[..^1]}/%u\"\n";

    // sshd expands percent signs in some paths and not in others.
    private static string Quote(string path) => path.Any(c => c is '"' or '\\' or '%' || char.IsControl(c)) && !OperatingSystem.IsWindows()
        ? throw new SshdException($"The path '{SshValue.Show(path)}' cannot stand in an sshd_config.")
        : $"\"{path.Replace('\\', '/')}\"";

    private string FileOf(string user) => Path.Combine(Folder, PrincipalsFolder, user);

    private List<SshPublicKey> ReadAuthorities()
    {
        if (!File.Exists(AuthorityFile))
        {
            return [];
        }

        try
        {
            return [.. File.ReadLines(AuthorityFile).Select(line => line.Trim()).Where(line => line.Length > 0 && line[0] != '#')
                .Select(SshPublicKey.Parse)];
        }
        catch (SshKeyFormatException e)
        {
            throw new SshdException($"{AuthorityFile} holds a line that is no key. Take it out: {e.Message}", e);
        }
    }

    private SortedDictionary<string, IReadOnlyList<string>> ReadPrincipals()
    {
        var users = new SortedDictionary<string, IReadOnlyList<string>>(StringComparer.Ordinal);
        var folder = Path.Combine(Folder, PrincipalsFolder);
        foreach (var file in Directory.Exists(folder) ? Directory.GetFiles(folder) : [])
        {
            // What is half written, or an editor's copy, is nobody's, and would stand in a Match line as a user.
            if (AtomicFile.IsTemporary(file) || !IsName(Path.GetFileName(file)))
            {
                continue;
            }

            users[Path.GetFileName(file)] = [.. File.ReadLines(file).Where(line => line.Length > 0)];
        }

        return users;
    }

    private static SshPublicKey ReadKey(string line)
    {
        try
        {
            var key = SshPublicKey.Parse(line);
            key.EnsureStrong();
            return key;
        }
        catch (SshKeyFormatException e)
        {
            throw new SshdException($"That is not the key of an authority: {e.Message}", e);
        }
    }

    private static void CheckNames(string user, IReadOnlyList<string> principals)
    {
        // A user stands in a pattern list, a principal on a line of its own where options may stand before it.
        if (principals.Append(user).FirstOrDefault(name => !IsName(name)) is { } bad)
        {
            throw new SshdException($"'{SshValue.Show(bad)}' is not a user name or principal: letters, digits and ._-+@.");
        }
    }

    private static bool IsName(string name) => name.Length is > 0 and <= MaxName && name[0] is not ('-' or '.')
        && name.All(c => char.IsAsciiLetterOrDigit(c) || c is '.' or '_' or '-' or '+' or '@');
}
