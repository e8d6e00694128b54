using System.Text;
using Tunnel.Core.Files;
using Tunnel.Protocol.Configuration;
using Tunnel.Protocol.Credentials;

namespace Tunnel.Core.Tunnels;

/// <summary>
/// The files of tunnels on this machine, in cloudflared's folder and forms: <c>&lt;id&gt;.json</c> with the credentials,
/// and <c>&lt;id&gt;.yml</c> with what the tunnel carries, for <c>tunnel --config FILE run</c>.
/// </summary>
internal sealed class TunnelFiles(string directory)
{
    private readonly string _directory = Path.GetFullPath(directory);

    public string CredentialsFile(Guid tunnelId) => Path.Combine(_directory, $"{tunnelId:D}.json");

    public string ConfigurationFile(Guid tunnelId) => Path.Combine(_directory, $"{tunnelId:D}.yml");

    /// <summary>The credentials of a tunnel; null if they are not on this machine.</summary>
    /// <exception cref="SshTunnelException">The file is there and cannot be used.</exception>
    public TunnelCredentials? ReadCredentials(Guid tunnelId, string accountId)
    {
        var file = CredentialsFile(tunnelId);
        if (ReadFile(file, SshTunnelError.Credentials) is not { } bytes)
        {
            return null;
        }

        try
        {
            var credentials = TunnelCredentials.Parse(bytes);
            return credentials.TunnelId == tunnelId && credentials.AccountTag == accountId
                ? credentials
                : throw new SshTunnelException(
                    SshTunnelError.Credentials,
                    $"'{file}' is for another tunnel or account. Move it away: the credentials are then fetched again.");
        }
        catch (CredentialFormatException e)
        {
            throw new SshTunnelException(
                SshTunnelError.Credentials,
                $"'{file}' is not a credentials file. Move it away: the credentials are then fetched again. {e.Message}",
                e);
        }
    }

    /// <summary>The configurations that name the tunnel: our own, and cloudflared's <c>config.yml</c>.</summary>
    public IEnumerable<(string File, TunnelConfiguration Configuration)> ReadConfigurations(Guid tunnelId, string tunnelName)
    {
        var own = ConfigurationFile(tunnelId);
        if (ReadConfiguration(own) is { } configuration)
        {
            yield return (own, configuration);
        }

        foreach (var name in (string[])["config.yml", "config.yaml"])
        {
            var file = Path.Combine(_directory, name);
            if (ReadConfiguration(file) is { } shared
                && (shared.Tunnel == tunnelName || (Guid.TryParse(shared.Tunnel, out var id) && id == tunnelId)))
            {
                yield return (file, shared);
            }
        }
    }

    /// <summary>The rule that our own configuration of a tunnel has; null if there is none that can be read.</summary>
    public IngressRule? FindRule(Guid tunnelId)
    {
        try
        {
            return ReadConfiguration(ConfigurationFile(tunnelId))?.Ingress.FirstOrDefault(static r => r.Hostname is not null);
        }
        catch (SshTunnelException)
        {
            return null;
        }
    }

    public static TunnelConfiguration Configure(
        Guid tunnelId, string hostname, OriginService service, AccessRequirement requirement, string credentialsFile) => new()
    {
        Tunnel = tunnelId.ToString("D"),
        CredentialsFile = credentialsFile,
        Ingress = new IngressRules(
        [
            new IngressRule(hostname, null, service, OriginRequest.Default with { Access = requirement }),
            new IngressRule(null, null, OriginService.HttpStatus(404)),
        ]),
    };

    public void WriteCredentials(TunnelCredentials credentials, UndoStack undo) =>
        Write(CredentialsFile(credentials.TunnelId), credentials.ToJson(), undo);

    /// <summary>Writes the credentials anew, if the tunnel has any on this machine.</summary>
    public void ReplaceCredentials(TunnelCredentials credentials)
    {
        var file = CredentialsFile(credentials.TunnelId);
        if (File.Exists(file))
        {
            AtomicFile.ReplacePrivate(file, credentials.ToJson());
        }
    }

    public void WriteConfiguration(Guid tunnelId, TunnelConfiguration configuration, UndoStack undo) =>
        Write(ConfigurationFile(tunnelId), Encoding.UTF8.GetBytes(configuration.ToYaml()), undo);

    public void Delete(Guid tunnelId)
    {
        // File.Delete takes a missing file, but not a missing folder.
        if (Directory.Exists(_directory))
        {
            File.Delete(CredentialsFile(tunnelId));
            File.Delete(ConfigurationFile(tunnelId));
        }
    }

    private void Write(string file, byte[] content, UndoStack undo)
    {
        if (!Directory.Exists(_directory))
        {
            AtomicFile.CreatePrivateDirectory(_directory);
            undo.Push($"remove the folder '{_directory}'", () => Directory.Delete(_directory));
        }

        var before = File.Exists(file) ? File.ReadAllBytes(file) : null;
        undo.Push($"restore '{file}'", () =>
        {
            if (before is null)
            {
                File.Delete(file);
            }
            else
            {
                AtomicFile.ReplacePrivate(file, before);
            }
        });
        AtomicFile.ReplacePrivate(file, content);
    }

    private static TunnelConfiguration? ReadConfiguration(string file)
    {
        if (ReadFile(file, SshTunnelError.TunnelTaken) is not { } bytes)
        {
            return null;
        }

        try
        {
            return TunnelConfiguration.ParseYaml(Encoding.UTF8.GetString(bytes));
        }
        catch (ConfigurationException e)
        {
            throw new SshTunnelException(SshTunnelError.TunnelTaken, $"'{file}' cannot be read: {e.Message}", e);
        }
    }

    private static byte[]? ReadFile(string file, SshTunnelError error)
    {
        try
        {
            if (!File.Exists(file))
            {
                return null;
            }

            return new FileInfo(AtomicFile.Target(file)).Length <= TunnelConfiguration.MaxLength
                ? File.ReadAllBytes(file)
                : throw new SshTunnelException(error, $"'{file}' is too large. Move it away.");
        }
        catch (Exception e) when (e is IOException or UnauthorizedAccessException)
        {
            throw new SshTunnelException(error, $"'{file}' cannot be read: {e.Message}", e);
        }
    }
}
