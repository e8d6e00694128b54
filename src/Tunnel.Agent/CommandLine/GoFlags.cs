using System.CommandLine;

namespace Tunnel.Agent.CommandLine;

/// <summary>Command lines as Go's flag package reads them.</summary>
internal static class GoFlags
{
    /// <summary>Gives a known long option that has one dash its second one: Go makes no difference.</summary>
    public static string[] Normalize(string[] arguments, Command root)
    {
        if (!arguments.Any(argument => argument.Length > 2 && argument[0] == '-' && argument[1] != '-'))
        {
            return arguments;
        }

        var known = new HashSet<string>(Names(root), StringComparer.Ordinal);
        return [.. arguments.Select(argument =>
            argument.Length > 2 && argument[0] == '-' && argument[1] != '-' && known.Contains("-" + argument.Split('=')[0])
                ? "-" + argument
                : argument)];
    }

    private static IEnumerable<string> Names(Command command) => command.Options
        .SelectMany(option => option.Aliases.Prepend(option.Name))
        .Concat(command.Subcommands.SelectMany(Names));
}
