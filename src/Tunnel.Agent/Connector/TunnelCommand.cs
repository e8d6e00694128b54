using System.CommandLine;
using Tunnel.Agent.CommandLine;

namespace Tunnel.Agent.Connector;

/// <summary><c>tunnel-agent tunnel [options] run [options] [NAME|UUID]</c>: the connector.</summary>
internal static class TunnelCommand
{
    public const string Name = "tunnel";

    public static Command Create()
    {
        var options = new TunnelCommandOptions();
        var command = new Command(Name, "Connect this machine's services to an edge.");
        foreach (var option in options.All)
        {
            option.Recursive = true;
            command.Options.Add(option);
        }

        var tunnel = new Argument<string?>("tunnel")
        {
            Arity = ArgumentArity.ZeroOrOne,
            Description = "The tunnel's id, or its name when cert.pem is there; else the configuration's.",
        };
        var run = new Command("run", "Run a tunnel until SIGTERM or SIGINT; a second signal ends it at once.") { tunnel };
        run.SetAction((result, _) => RunCommand.RunAsync(new RunSettingsReader(options, result), result.GetValue(tunnel)));
        command.Subcommands.Add(run);
        command.SetAction((Func<ParseResult, int>)(_ => throw new UsageException(
            "Say 'tunnel run'. A tunnel without an account (cloudflared's 'tunnel --url') does not exist here.")));
        return command;
    }
}
