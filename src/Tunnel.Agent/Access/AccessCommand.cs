using System.CommandLine;

namespace Tunnel.Agent.Access;

/// <summary><c>tunnel-agent access</c>: a visitor's way to a service behind Access.</summary>
internal static class AccessCommand
{
    public static Command Create()
    {
        var command = new Command("access", "Reach a service behind Access.");
        command.Aliases.Add("forward");
        command.Subcommands.Add(CreateStream());
        command.Subcommands.Add(new CertificateCommand());
        command.Subcommands.Add(new SshConfigCommand());
        command.Subcommands.Add(LoginCommand.Create());
        command.Subcommands.Add(TokenCommand.Create());
        command.Subcommands.Add(CurlCommand.Create());
        return command;
    }

    private static Command CreateStream()
    {
        var options = new StreamCommandOptions();
        var command = new Command(
            "tcp", "Connect standard input and output, or with --url each connection to a local port, with the service.");
        foreach (var alias in (ReadOnlySpan<string>)["ssh", "rdp", "smb"])
        {
            command.Aliases.Add(alias);
        }

        options.AddTo(command);
        command.SetAction((result, _) => StreamCommand.RunAsync(options.Read(result)));
        return command;
    }
}
