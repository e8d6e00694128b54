using System.CommandLine;
using Tunnel.Agent.CommandLine;
using Tunnel.Core.Client;
using Tunnel.Core.Ssh.Certificates;

namespace Tunnel.Agent.Access;

/// <summary><c>access ssh-gen</c>: has a key certified, for a <c>Match ... exec</c> of an ssh config.</summary>
internal sealed class CertificateCommand : Command
{
    private readonly Option<string?> _hostname = AgentOption.Text("hostname", "The application's hostname.", "TUNNEL_SERVICE_HOSTNAME");

    private readonly Option<string?> _folder = AgentOption.Text(
        "folder", "Where the key and the certificate go, and the sign-in is. Default: ~/.cloudflared.");

    private readonly Option<string?> _appTokenFile = AgentOption.Text(
        "app-token-file", "A file with an application token (JWT), readable by its owner only.", "TUNNEL_APP_TOKEN_FILE");

    private readonly Option<string?> _connectTo = AgentOption.Text(
        "connect-to", "Dial HOST or HOST:PORT instead; the certificate is checked all the same.");

    private readonly Option<string?> _certificateAuthority = AgentOption.Text(
        "cacert", "A PEM file with the only certificate authorities to trust.", "TUNNEL_CACERT");

    private readonly Option<bool> _force = new("--force") { Description = "Sign a new one although there is one that is good for a minute." };

    public CertificateCommand()
        : base("ssh-gen", "Have a short-lived SSH certificate signed; one that is good for another minute is kept.")
    {
        foreach (var option in (Option[])[_hostname, _folder, _appTokenFile, _connectTo, _certificateAuthority, _force])
        {
            Options.Add(option);
        }

        SetAction((result, cancellationToken) => RunAsync(result, cancellationToken));
    }

    private async Task<int> RunAsync(ParseResult result, CancellationToken cancellationToken)
    {
        var address = StreamCommandOptions.ReadAddress(result.GetValue(_hostname));
        var (connectTo, serverName) = StreamCommandOptions.ReadConnectTo(result.GetValue(_connectTo), address);
        var folder = result.GetValue(_folder);
        var tokenFile = result.GetValue(_appTokenFile);
        var client = new AccessClientOptions
        {
            Address = address,
            ConnectTo = connectTo,
            ServerName = serverName,
            CertificateAuthorityFile = SystemTrust.Prepare(result.GetValue(_certificateAuthority)),
            AppToken = tokenFile is null ? null : SecretFile.ReadLine(tokenFile),
            UserAgent = AgentVersion.UserAgent,
        };
        try
        {
            await new ShortLivedCertificates(folder).EnsureAsync(client, result.GetValue(_force), cancellationToken).ConfigureAwait(false);
            return ExitCode.Ok;
        }
        catch (SshCertificateException error)
        {
            await Console.Error.WriteLineAsync("tunnel-agent: " + error.Message).ConfigureAwait(false);
            return ExitCode.Error;
        }
    }
}
