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

    /// <summary>
    /// Puts options that stand before a command behind it: cloudflared's own unit files have
    /// <c>--no-autoupdate --config FILE tunnel run</c>.
    /// </summary>
    public static string[] MoveBehind(string[] arguments, Command command)
    {
        var at = 0;
        while (at < arguments.Length && arguments[at].StartsWith('-'))
        {
            var option = command.Options.FirstOrDefault(
                option => option.Name == arguments[at].Split('=')[0] || option.Aliases.Contains(arguments[at].Split('=')[0]));
            if (option is null)
            {
                return arguments;
            }

            at += option.ValueType == typeof(bool) || arguments[at].Contains('=', StringComparison.Ordinal) ? 1 : 2;
        }

        return at > 0 && at < arguments.Length && arguments[at] == command.Name
            ? [command.Name, .. arguments[..at], .. arguments[(at + 1)..]]
            : arguments;
    }

    private static IEnumerable<string> Names(Command command) => command.Options
        .SelectMany(option => option.Aliases.Prepend(option.Name))
        .Concat(command.Subcommands.SelectMany(Names));
}
