using System.Collections;
using System.Text.RegularExpressions;

namespace Tunnel.Protocol.Configuration;

/// <summary>
/// The ingress rules of a tunnel, checked: the last matches everything, and no other does. The first rule that matches a
/// request decides where it goes (cloudflared <c>ingress/ingress.go</c>).
/// </summary>
public sealed class IngressRules : IReadOnlyList<IngressRule>, IEquatable<IngressRules>
{
    /// <summary>Most rules.</summary>
    public const int MaxRules = 5000;

    private readonly IngressRule[] _rules;
    private readonly RuleMatcher[] _matchers;

    /// <summary>Checks and takes rules. None at all is allowed: then every request gets status 503.</summary>
    /// <exception cref="ConfigurationException">The rules cannot work. The message names the rule and what to do.</exception>
    public IngressRules(IEnumerable<IngressRule> rules)
    {
        ArgumentNullException.ThrowIfNull(rules);
        _rules = [.. rules.Take(MaxRules + 1).Select(WithBastionMode)];
        if (_rules.Length > MaxRules)
        {
            throw new ConfigurationException($"There are more than {MaxRules} ingress rules.");
        }
        _matchers = new RuleMatcher[_rules.Length];
        for (var i = 0; i < _rules.Length; i++)
        {
            _matchers[i] = Check(_rules[i], i + 1, isLast: i == _rules.Length - 1);
        }
    }

    /// <summary>No rules.</summary>
    public static IngressRules Empty { get; } = new([]);

    /// <summary>What answers when there are no rules: status 503.</summary>
    public static IngressRule NoRules { get; } = new(null, null, OriginService.HttpStatus(503));

    public int Count => _rules.Length;

    public IngressRule this[int index] => _rules[index];

    /// <summary>Checks rules without keeping them.</summary>
    /// <exception cref="ConfigurationException">The rules cannot work.</exception>
    public static void Validate(IEnumerable<IngressRule> rules) => _ = new IngressRules(rules);

    /// <summary>The rule for a request; <see cref="NoRules"/> if there are none.</summary>
    /// <inheritdoc cref="IndexOf"/>
    public IngressRule Match(string host, string path)
    {
        var index = IndexOf(host, path);
        return index < 0 ? NoRules : _rules[index];
    }

    /// <summary>The index of the rule for a request; -1 if there are no rules.</summary>
    /// <param name="host">The host that was asked for, in any case; a port behind it is ignored.</param>
    /// <param name="path">The path, percent-decoded, without the query.</param>
    /// <exception cref="RegexMatchTimeoutException">A path expression took too long: answer with an error.</exception>
    public int IndexOf(string host, string path)
    {
        ArgumentNullException.ThrowIfNull(host);
        ArgumentNullException.ThrowIfNull(path);
        var name = RuleMatcher.WithoutPort(host);
        for (var i = 0; i < _matchers.Length; i++)
        {
            if (_matchers[i].Matches(name, path))
            {
                return i;
            }
        }
        return _rules.Length - 1;
    }

    public IEnumerator<IngressRule> GetEnumerator() => ((IEnumerable<IngressRule>)_rules).GetEnumerator();

    IEnumerator IEnumerable.GetEnumerator() => GetEnumerator();

    public bool Equals(IngressRules? other) => other is not null && _rules.AsSpan().SequenceEqual(other._rules);

    public override bool Equals(object? obj) => Equals(obj as IngressRules);

    public override int GetHashCode() => _rules.Length == 0 ? 0 : HashCode.Combine(_rules.Length, _rules[0]);

    private static IngressRule WithBastionMode(IngressRule rule)
    {
        ArgumentNullException.ThrowIfNull(rule);
        // bastionMode makes a bastion of every service that is an address, and the other way round.
        var isAddress = rule.Service.Host.Length > 0;
        return rule.OriginRequest.BastionMode && isAddress
            ? rule with { Service = OriginService.Parse("bastion") }
            : rule.Service.Kind == OriginServiceKind.Bastion && !rule.OriginRequest.BastionMode
            ? rule with { OriginRequest = rule.OriginRequest with { BastionMode = true } }
            : rule;
    }

    private static RuleMatcher Check(IngressRule rule, int number, bool isLast)
    {
        if (rule.Hostname is { } hostname)
        {
            CheckHostname(hostname, number);
        }
        if (isLast && !rule.IsCatchAll)
        {
            throw new ConfigurationException(
                "The last rule must match every request. Add one behind it without hostname and path, such as '- service: http_status:404'.",
                null,
                number);
        }
        if (!isLast && rule.IsCatchAll)
        {
            throw new ConfigurationException(
                "This rule matches every request, so that the rules behind it would never be used. Give it a hostname or a path, or move it to the end.",
                null,
                number);
        }
        if (rule.OriginRequest.Access is { Required: true, TeamName: "", AudienceTags.Count: > 0 })
        {
            throw new ConfigurationException("originRequest.access has audTag but no teamName. Add the name of the team.", null, number);
        }
        return RuleMatcher.Create(rule, number);
    }

    private static void CheckHostname(string hostname, int number)
    {
        string? problem = null;
        if (hostname.Length > 255)
        {
            problem = "The hostname is longer than 255 characters.";
        }
        else if (hostname.Contains("://", StringComparison.Ordinal))
        {
            problem = $"The hostname '{hostname}' is a URL. Write only the name.";
        }
        else if (RuleMatcher.WithoutPort(hostname).Length != hostname.Length)
        {
            problem = $"The hostname '{hostname}' has a port. Remove it: rules match every port.";
        }
        else if (hostname.LastIndexOf('*') > 0)
        {
            problem = $"The hostname '{hostname}' has a wildcard that is not at its start. Write at most one, for whole labels, such as '*.example.com'.";
        }
        if (problem is not null)
        {
            throw new ConfigurationException(problem, null, number);
        }
    }
}
