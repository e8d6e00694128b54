namespace Tunnel.Protocol.Configuration;

/// <summary>A tunnel configuration cannot be used. The message says where (line, ingress rule) and what to do.</summary>
public sealed class ConfigurationException : Exception
{
    private readonly string? _problem;

    public ConfigurationException()
    {
    }

    public ConfigurationException(string message)
        : base(message)
    {
    }

    public ConfigurationException(string message, Exception innerException)
        : base(message, innerException)
    {
    }

    /// <summary>A fault at a place of a text.</summary>
    /// <param name="problem">What is wrong and what to do, without the place.</param>
    /// <param name="line">The line, from 1; null where it is not known.</param>
    /// <param name="rule">The ingress rule, from 1; null when the fault is not in one.</param>
    public ConfigurationException(string problem, int? line, int? rule)
        : base(Place(line, rule) + problem)
    {
        Line = line;
        Rule = rule;
        _problem = problem;
    }

    /// <summary>The line of the text, from 1.</summary>
    public int? Line { get; }

    /// <summary>The ingress rule, from 1.</summary>
    public int? Rule { get; }

    /// <summary>The same fault with the line in which it was found.</summary>
    internal ConfigurationException AtLine(int line) => new(_problem ?? Message, line, Rule);

    private static string Place(int? line, int? rule) => (line, rule) switch
    {
        (null, null) => "",
        (null, { } r) => $"Ingress rule {r}: ",
        ({ } l, null) => $"Line {l}: ",
        ({ } l, { } r) => $"Line {l}, ingress rule {r}: ",
    };
}
