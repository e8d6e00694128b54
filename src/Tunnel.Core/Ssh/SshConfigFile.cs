using Tunnel.Core.Files;

namespace Tunnel.Core.Ssh;

/// <summary>
/// An ssh config (ssh_config(5)) in which hosts behind tunnels are registered. Each is a block of ours between two comment
/// lines, above everything else since the first value that ssh finds counts; all else in the file stays byte for byte.
/// </summary>
/// <example>
/// <code>
/// var config = new SshConfigFile();
/// config.Register(new SshHost { Name = "ssh.example.com", AgentPath = "/usr/local/bin/tunnel-agent" });
/// </code>
/// </example>
public sealed class SshConfigFile
{
    private const int MaxLength = 8 * 1024 * 1024;
    private static readonly TimeSpan LockRetry = TimeSpan.FromMilliseconds(20);
    private static readonly TimeSpan LockTimeout = TimeSpan.FromSeconds(10);

    /// <param name="path">The file; null: <c>~/.ssh/config</c>. It need not exist.</param>
    public SshConfigFile(string? path = null) => Path = System.IO.Path.GetFullPath(path ?? DefaultPath);

    /// <summary>The user's own config.</summary>
    public static string DefaultPath => System.IO.Path.Combine(
        Environment.GetFolderPath(Environment.SpecialFolder.UserProfile), ".ssh", "config");

    public string Path { get; }

    /// <summary>Adds a host or replaces the one of this name; the same host twice changes nothing.</summary>
    /// <param name="host">The host; relative paths in it are made absolute.</param>
    /// <param name="serviceToken">
    /// A token to be written to a file next to the config, 0600; the config names only the file.
    /// </param>
    /// <returns>The host as it stands in the file.</returns>
    /// <exception cref="SshConfigException">A value may not stand in a config, or the file is damaged or too large.</exception>
    public SshHost Register(SshHost host, ServiceTokenFile? serviceToken = null)
    {
        ArgumentNullException.ThrowIfNull(host);
        if (serviceToken is not null)
        {
            host = host with { ServiceTokenFile = TokenFileOf(host.Name) };
        }

        host = SshValue.Check(host) with { ConfigFile = Path };
        AtomicFile.CreatePrivateDirectory(System.IO.Path.GetDirectoryName(Path)!);
        using var _ = Lock();
        var bytes = Read();
        var text = SshConfigText.Parse(bytes, Path);
        var changed = text.With(host);
        var hadToken = File.Exists(TokenFileOf(host.Name));
        serviceToken?.Write(TokenFileOf(host.Name));
        try
        {
            if (!changed.AsSpan().SequenceEqual(bytes) || !File.Exists(Path))
            {
                AtomicFile.Replace(Path, changed);
            }
        }
        catch when (serviceToken is not null && !hadToken)
        {
            File.Delete(TokenFileOf(host.Name));
            throw;
        }

        if (hadToken && host.ServiceTokenFile != TokenFileOf(host.Name))
        {
            File.Delete(TokenFileOf(host.Name));
        }

        return host;
    }

    /// <summary>The hosts that were registered here, in the file's order.</summary>
    /// <exception cref="SshConfigException">The file is damaged or too large.</exception>
    public IReadOnlyList<SshHost> Get()
    {
        var text = SshConfigText.Parse(Read(), Path);
        return [.. text.Names.Distinct().Select(name => SshHostBlock.Parse(name, text.Block(name)!, Path))];
    }

    /// <summary>The host of this name, or null.</summary>
    public SshHost? Get(string name)
    {
        var text = SshConfigText.Parse(Read(), Path);
        return text.Block(name) is { } block ? SshHostBlock.Parse(name, block, Path) : null;
    }

    /// <summary>Takes a host out, with the token file that was written for it.</summary>
    /// <returns>False if it was not registered here.</returns>
    public bool Unregister(string name)
    {
        SshValue.CheckHost(name, "name");
        if (!File.Exists(Path))
        {
            return false;
        }

        using var _ = Lock();
        var text = SshConfigText.Parse(Read(), Path);
        if (!text.Names.Contains(name))
        {
            return false;
        }

        AtomicFile.Replace(Path, text.Without(name));
        File.Delete(TokenFileOf(name));
        return true;
    }

    public override string ToString() => Path;

    /// <summary>Where the service token of a host is written: next to the config.</summary>
    private string TokenFileOf(string name)
    {
        SshValue.CheckHost(name, "name");
        return $"{Path}.tunnel.{name}.token";
    }

    private byte[] Read()
    {
        if (!File.Exists(Path))
        {
            return [];
        }

        return new FileInfo(AtomicFile.Target(Path)).Length <= MaxLength
            ? File.ReadAllBytes(Path)
            : throw new SshConfigException($"{Path} is larger than {MaxLength} bytes: it is hardly an ssh config.");
    }

    /// <summary>Keeps two processes from reading the same file and losing each other's change.</summary>
    private FileStream Lock()
    {
        var options = new FileStreamOptions
        {
            Mode = FileMode.OpenOrCreate,
            Access = FileAccess.ReadWrite,
            Share = FileShare.None,
            Options = FileOptions.DeleteOnClose,
        };
        if (!OperatingSystem.IsWindows())
        {
            options.UnixCreateMode = AtomicFile.PrivateFile;
        }

        var lockFile = AtomicFile.Target(Path) + ".tunnel.lock";
        var started = Environment.TickCount64;
        while (true)
        {
            try
            {
                return new FileStream(lockFile, options);
            }
            catch (IOException e) when (e is not (DirectoryNotFoundException or PathTooLongException))
            {
                if (Environment.TickCount64 - started > LockTimeout.TotalMilliseconds)
                {
                    throw new SshConfigException($"{Path} is being changed by another process.", e);
                }

                Thread.Sleep(LockRetry);
            }
        }
    }
}
