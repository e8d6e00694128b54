using System.Text.RegularExpressions;

namespace Tunnel.Protocol.Configuration;

/// <summary>Compiles the path expressions of ingress rules.</summary>
internal static class PathExpression
{
    /// <summary>Longest expression, in characters.</summary>
    internal const int MaxLength = 2048;

    private static readonly TimeSpan MatchTimeout = TimeSpan.FromSeconds(1);

    // NonBacktracking: time linear in the path, and no constructs that Go's engine does not have either.
    private const RegexOptions Options = RegexOptions.NonBacktracking | RegexOptions.CultureInvariant;

    /// <exception cref="ConfigurationException">Not an expression, or too large.</exception>
    internal static Regex Compile(string expression, int ruleNumber)
    {
        if (expression.Length > MaxLength)
        {
            throw new ConfigurationException($"The path expression is longer than {MaxLength} characters.", null, ruleNumber);
        }
        try
        {
            return new Regex(GoExpression.Translate(expression), Options, MatchTimeout);
        }
        catch (Exception e) when (e is FormatException or ArgumentException or NotSupportedException)
        {
            var problem = e is FormatException ? e.Message : "it cannot be compiled, or would be too large";
            throw new ConfigurationException($"The path '{expression}' is not a regular expression: {problem}.", null, ruleNumber);
        }
    }
}
