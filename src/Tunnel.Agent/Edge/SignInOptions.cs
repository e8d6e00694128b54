using System.CommandLine;
using System.Security.Cryptography;
using System.Security.Cryptography.X509Certificates;
using Tunnel.Agent.Access;
using Tunnel.Agent.CommandLine;
using Tunnel.Edge;
using Tunnel.Edge.Mail;

namespace Tunnel.Agent.Edge;

/// <summary>What <c>edge run</c> takes for signing people in: mail for PINs, authorities of identity providers.</summary>
internal sealed class SignInOptions
{
    // A process list shows arguments to everybody on the machine: the password has a file or the environment only.
    private const string PasswordVariable = "TUNNEL_SMTP_PASSWORD";

    private readonly Option<string?> _server = AgentOption.Text("smtp-server", "Where one-time PINs are mailed through: HOST or HOST:PORT, such as [::1]:25; port 587. Without it they are .eml files in the outbox, whose paths are in the log.", "TUNNEL_SMTP_SERVER");
    private readonly Option<string?> _from = AgentOption.Text("smtp-from", "The address that mail comes from.", "TUNNEL_SMTP_FROM");
    private readonly Option<string?> _user = AgentOption.Text("smtp-user", $"Who signs in to the mail server; the password comes from --smtp-password-file or ${PasswordVariable}.", "TUNNEL_SMTP_USER");
    private readonly Option<string?> _password = AgentOption.Text("smtp-password-file", "A file, readable by its owner only, with the mail server's password.", "TUNNEL_SMTP_PASSWORD_FILE");
    private readonly Option<bool> _plaintext = new("--smtp-allow-plaintext") { Description = "Mail in the clear where the server offers no TLS. A server on this machine may always." };
    private readonly Option<string?> _outbox = AgentOption.Text("outbox-directory", "Where mail goes that no server is set for; outbox in the state folder.");
    private readonly Option<string?> _authorities = AgentOption.Text("identity-provider-cacert", "A PEM file with the only authorities that vouch for identity providers; the system's.");

    public void AddTo(Command command)
    {
        foreach (var option in new Option[] { _server, _from, _user, _password, _plaintext, _outbox, _authorities })
        {
            command.Add(option);
        }
    }

    /// <exception cref="UsageException">Something does not fit together or cannot be read.</exception>
    public EdgeOptions Apply(EdgeOptions options, ParseResult result) => options with
    {
        Mail = ReadMail(result),
        OutboxDirectory = result.GetValue(_outbox) is { } outbox ? Path.GetFullPath(outbox) : null,
        IdentityProviderAuthorities = result.GetValue(_authorities) is { } file ? ReadAuthorities(file) : null,
    };

    private EdgeMailOptions? ReadMail(ParseResult result)
    {
        if (result.GetValue(_server) is not { } server)
        {
            return result.IsGiven(_from) || result.IsGiven(_user) || result.IsGiven(_password)
                ? throw new UsageException("Give the mail server with --smtp-server.")
                : null;
        }

        if (!EdgeMailOptions.TryReadServer(server, out var host, out var port))
        {
            throw new UsageException($"--smtp-server {server}: give HOST or HOST:PORT; an IPv6 address in brackets.");
        }

        var user = result.GetValue(_user);
        return new EdgeMailOptions
        {
            Host = host,
            Port = port,
            From = result.GetValue(_from) ?? throw new UsageException("Give the address that mail comes from with --smtp-from."),
            AllowPlaintext = result.GetValue(_plaintext),
            UserName = user,
            Password = user is null ? null : ReadPassword(result),
        };
    }

    private string ReadPassword(ParseResult result) =>
        result.GetValue(_password) is { } file
            ? SecretFile.ReadLine(file)
            : Environment.GetEnvironmentVariable(PasswordVariable) is { Length: > 0 } password
                ? password
                : throw new UsageException($"Give the password of --smtp-user with --smtp-password-file or ${PasswordVariable}.");

    private static X509Certificate2Collection ReadAuthorities(string file)
    {
        var authorities = new X509Certificate2Collection();
        try
        {
            authorities.ImportFromPemFile(file);
        }
        catch (Exception error) when (error is IOException or UnauthorizedAccessException or CryptographicException)
        {
            throw new UsageException($"'{file}' cannot be read: {error.Message}");
        }

        return authorities.Count > 0 ? authorities : throw new UsageException($"'{file}' holds no certificate.");
    }
}
