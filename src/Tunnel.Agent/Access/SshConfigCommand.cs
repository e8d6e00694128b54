using System.CommandLine;
using Tunnel.Agent.CommandLine;
using Tunnel.Core.Ssh;

namespace Tunnel.Agent.Access;

/// <summary><c>access ssh-config</c>: shows what to put into an ssh config.</summary>
internal sealed class SshConfigCommand : Command
{
    private readonly Option<string?> _hostname = AgentOption.Text("hostname", "The application's hostname.");

    private readonly Option<bool> _certificate = new("--short-lived-cert") { Description = "Log in by short-lived certificates." };

    private readonly Option<string?> _connectTo = AgentOption.Text("connect-to", "Dial HOST:PORT instead.");

    private readonly Option<string?> _certificateAuthority = AgentOption.Text(
        "cacert", "A PEM file with the only certificate authorities to trust.");

    public SshConfigCommand()
        : base("ssh-config", "Show the lines for ~/.ssh/config.")
    {
        foreach (var option in (Option[])[_hostname, _certificate, _connectTo, _certificateAuthority])
        {
            Options.Add(option);
        }

        SetAction(Run);
    }

    private int Run(ParseResult result)
    {
        try
        {
            Console.Out.Write(SshConfigExample.Format(new SshHost
            {
                Name = result.GetValue(_hostname) ?? SshConfigExample.Placeholder,
                Hostname = "%h",
                AgentPath = Environment.ProcessPath ?? "tunnel-agent",
                ShortLivedCertificate = result.GetValue(_certificate),
                ConnectTo = result.GetValue(_connectTo),
                CertificateAuthorityFile = result.GetValue(_certificateAuthority) is { } path ? Path.GetFullPath(path) : null,
            }));
            return ExitCode.Ok;
        }
        catch (SshConfigException error)
        {
            throw new UsageException(error.Message);
        }
    }
}
