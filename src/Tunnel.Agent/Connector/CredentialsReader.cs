using System.CommandLine;
using System.Text;
using Tunnel.Agent.CommandLine;
using Tunnel.Protocol.Configuration;
using Tunnel.Protocol.Credentials;

namespace Tunnel.Agent.Connector;

/// <summary>Finds a tunnel's credentials, in cloudflared's order: a token, then credentials given, then the search path.</summary>
/// <param name="text">Reads an option.</param>
/// <param name="isTokenArgument">The token stands on the command line itself.</param>
/// <param name="warn">Takes what the user should know.</param>
internal sealed class CredentialsReader(
    ConfigurationSearchPath path, Func<Option<string?>, string?> text, bool isTokenArgument, TunnelCommandOptions options, Action<string> warn)
{
    /// <exception cref="UsageException">None are found, or they are not what they should be. Never says what is in them.</exception>
    public async Task<TunnelCredentials> ReadAsync(
        string? tunnel, TunnelConfiguration configuration, CancellationToken cancellationToken)
    {
        try
        {
            if (ReadToken() is { } token)
            {
                return TunnelToken.Parse(token);
            }

            var name = tunnel ?? configuration.Tunnel ?? throw new UsageException(
                "Which tunnel? Give its id after 'run', 'tunnel:' in the configuration, or a token (TUNNEL_TOKEN or --token-file).");
            var given = ReadGiven(configuration);
            var id = Guid.TryParse(name, out var parsed) ? parsed
                : given?.TunnelId ?? await new TunnelNames(path, text, options).FindAsync(name, cancellationToken).ConfigureAwait(false);
            var credentials = given ?? ReadFound(id);
            return credentials.TunnelId == id
                ? credentials
                : throw new UsageException($"The credentials are for the tunnel {credentials.TunnelId}, not for {name}.");
        }
        catch (CredentialFormatException error)
        {
            throw new UsageException(error.Message);
        }
    }

    private string? ReadToken()
    {
        if (text(options.Token) is { } token)
        {
            if (isTokenArgument)
            {
                warn("A token in an argument is visible to every user of this machine; use TUNNEL_TOKEN or --token-file.");
            }

            return token;
        }

        return text(options.TokenFile) is { } file ? Encoding.UTF8.GetString(Read(file, "token file")).Trim() : null;
    }

    private TunnelCredentials? ReadGiven(TunnelConfiguration configuration)
    {
        if (text(options.CredentialsContents) is { } contents)
        {
            return TunnelCredentials.Parse(Encoding.UTF8.GetBytes(contents));
        }

        return (text(options.CredentialsFile) ?? configuration.CredentialsFile) is { } file
            ? TunnelCredentials.Parse(Read(file, "credentials file"))
            : null;
    }

    private TunnelCredentials ReadFound(Guid id)
    {
        var file = path.Find($"{id:D}.json") ?? throw new UsageException(
            $"There are no credentials for the tunnel {id}: {id:D}.json lies in none of {string.Join(", ", path.Folders)}. " +
            "Name the file with --credentials-file.");
        return TunnelCredentials.Parse(Read(file, "credentials file"));
    }

    private byte[] Read(string given, string what)
    {
        var file = path.Expand(given);
        try
        {
            using var stream = new FileStream(file, FileMode.Open, FileAccess.Read, FileShare.ReadWrite | FileShare.Delete);
            if (!OperatingSystem.IsWindows()
                && (File.GetUnixFileMode(stream.SafeFileHandle) & (UnixFileMode.OtherRead | UnixFileMode.OtherWrite)) != 0)
            {
                // cloudflared takes such a file, and so do unit files written for it.
                warn($"The {what} '{file}' can be read by every user of this machine; run: chmod 600 '{file}'");
            }

            using var reader = new BinaryReader(stream);
            return reader.ReadBytes(64 * 1024);
        }
        catch (Exception error) when (error is IOException or UnauthorizedAccessException)
        {
            throw new UsageException($"The {what} '{file}' cannot be read: {error.Message}");
        }
    }
}
