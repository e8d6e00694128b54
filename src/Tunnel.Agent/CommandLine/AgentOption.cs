using System.CommandLine;

namespace Tunnel.Agent.CommandLine;

/// <summary>Options that take their value from an environment variable where the command line does not give one.</summary>
internal static class AgentOption
{
    /// <summary>An option with one value.</summary>
    public static Option<string?> Text(string name, string description, string? variable = null, params string[] aliases) =>
        new("--" + name, [.. aliases.Select(Dashed)])
        {
            Description = variable is null ? description : $"{description} [${variable}]",
            DefaultValueFactory = variable is null ? null : _ => Variable(variable),
        };

    /// <summary>An option that may be given several times.</summary>
    public static Option<string[]> Texts(string name, string description, string? variable = null, params string[] aliases) =>
        new("--" + name, [.. aliases.Select(Dashed)])
        {
            Description = variable is null ? description : $"{description} [${variable}]",
            Arity = ArgumentArity.OneOrMore,
            AllowMultipleArgumentsPerToken = false,
            DefaultValueFactory = _ => (variable is null ? null : Variable(variable)) is { } text
                ? text.Split(',', StringSplitOptions.TrimEntries | StringSplitOptions.RemoveEmptyEntries)
                : [],
        };

    /// <summary>Whether the command line itself gave it, not the environment.</summary>
    public static bool IsGiven(this ParseResult result, Option option) =>
        result.GetResult(option) is { Implicit: false };

    private static string? Variable(string name) =>
        Environment.GetEnvironmentVariable(name) is { Length: > 0 } value ? value : null;

    private static string Dashed(string alias) => (alias.Length == 1 ? "-" : "--") + alias;
}
