using System.CommandLine;
using System.CommandLine.Help;
using System.CommandLine.Invocation;
using Tunnel.Agent.Access;
using Tunnel.Agent.Connector;
using Tunnel.Agent.Edge;

namespace Tunnel.Agent.CommandLine;

/// <summary>The command line: cloudflared's names, so that a unit file or ssh config works with this program's name instead.</summary>
internal static class AgentCommandLine
{
    /// <returns>The exit code (<see cref="ExitCode"/>).</returns>
    public static async Task<int> RunAsync(string[] arguments)
    {
        var root = Create();
        var parsed = root.Parse(
            CurlCommand.IsMeant(arguments) ? CurlCommand.Protect(arguments)
                : GoFlags.MoveBehind(GoFlags.Normalize(arguments, root), root.Subcommands.Single(command => command.Name == TunnelCommand.Name)),
            new ParserConfiguration { EnablePosixBundling = false, ResponseFileTokenReplacer = null });
        if (parsed.Action is ParseErrorAction)
        {
            foreach (var error in parsed.Errors)
            {
                await Console.Error.WriteLineAsync("tunnel-agent: " + error.Message).ConfigureAwait(false);
            }

            await Console.Error.WriteLineAsync($"Try: {Path(parsed.CommandResult.Command)} --help").ConfigureAwait(false);
            return ExitCode.Usage;
        }

        try
        {
            // Signals are each command's own affair: ending at once is right for a ProxyCommand, not for a connector.
            return await parsed.InvokeAsync(
                new InvocationConfiguration { EnableDefaultExceptionHandler = false, ProcessTerminationTimeout = null })
                .ConfigureAwait(false);
        }
        catch (UsageException error)
        {
            await Console.Error.WriteLineAsync("tunnel-agent: " + error.Message).ConfigureAwait(false);
            return ExitCode.Usage;
        }
    }

    private static RootCommand Create()
    {
        var root = new RootCommand("Connects an SSH server to an edge, a visitor to the server, and runs an edge of one's own.");
        root.Directives.Clear();
        root.Options.Clear();
        var version = new Option<bool>("--version", "-v", "-V") { Description = "Print the version.", Action = new VersionAction() };
        root.Options.Add(new HelpOption());
        root.Options.Add(version);
        root.Subcommands.Add(AccessCommand.Create());
        root.Subcommands.Add(TunnelCommand.Create());
        root.Subcommands.Add(EdgeCommand.Create());
        root.Subcommands.Add(new Command("version", "Print the version.") { Action = new VersionAction() });
        return root;
    }

    private static string Path(Command command)
    {
        var names = new List<string>();
        for (Symbol? symbol = command; symbol is Command and not RootCommand; symbol = symbol.Parents.FirstOrDefault())
        {
            names.Insert(0, symbol.Name);
        }

        return string.Join(' ', names.Prepend("tunnel-agent"));
    }

    private sealed class VersionAction : SynchronousCommandLineAction
    {
        public override int Invoke(ParseResult parseResult)
        {
            Console.Out.WriteLine("tunnel-agent " + AgentVersion.Number);
            return ExitCode.Ok;
        }
    }
}
