using System.CommandLine;
using Tunnel.Agent.CommandLine;
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

    private readonly ConnectOptions _connect = new();

    private readonly Option<bool> _force = new("--force") { Description = "Sign a new one although there is one that is good for a minute." };

    public CertificateCommand()
        : base("ssh-gen", "Have a short-lived SSH certificate signed; one that is good for another minute is kept.")
    {
        foreach (var option in (Option[])[_hostname, _folder, _appTokenFile, _force])
        {
            Options.Add(option);
        }

        _connect.AddTo(this);

        SetAction((result, _) => RunAsync(result));
    }

    private Task<int> RunAsync(ParseResult result)
    {
        var client = _connect.Read(result, ConnectOptions.ReadAddress(
            result.GetValue(_hostname) ?? throw new UsageException("Give the application's name with --hostname.")));
        var folder = result.GetValue(_folder);
        client = result.GetValue(_appTokenFile) is { } file ? client.WithAppToken(SecretFile.ReadLine(file)) : client;
        return TokenSession.RunAsync(Person.Options(client, folder: folder), async (signIn, cancellationToken) =>
        {
            await new ShortLivedCertificates(folder).EnsureAsync(client, signIn, result.GetValue(_force), cancellationToken).ConfigureAwait(false);
            return ExitCode.Ok;
        });
    }
}
