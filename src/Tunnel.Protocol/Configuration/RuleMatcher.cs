using System.Globalization;
using System.Text.RegularExpressions;

namespace Tunnel.Protocol.Configuration;

/// <summary>Matches requests against one rule, with everything that can be prepared.</summary>
internal sealed class RuleMatcher
{
    private readonly string? _hostname;
    private readonly string? _asciiHostname;
    private readonly Regex? _path;

    private RuleMatcher(string? hostname, string? asciiHostname, Regex? path)
    {
        _hostname = hostname;
        _asciiHostname = asciiHostname;
        _path = path;
    }

    internal static RuleMatcher Create(IngressRule rule, int number)
    {
        var hostname = rule.Hostname is null or "" or "*" ? null : rule.Hostname;
        return new RuleMatcher(
            hostname,
            hostname is null ? null : ToAscii(hostname),
            string.IsNullOrEmpty(rule.Path) ? null : PathExpression.Compile(rule.Path, number));
    }

    internal bool Matches(ReadOnlySpan<char> host, string path) =>
        (_hostname is null || MatchesHost(_hostname, host) || (_asciiHostname is not null && MatchesHost(_asciiHostname, host)))
        && (_path is null || _path.IsMatch(path));

    /// <summary>The host of <c>host:port</c>; anything else as it is (Go's <c>net.SplitHostPort</c>).</summary>
    internal static ReadOnlySpan<char> WithoutPort(ReadOnlySpan<char> host)
    {
        var colon = host.LastIndexOf(':');
        if (colon < 0)
        {
            return host;
        }
        if (host[0] == '[')
        {
            var close = host.IndexOf(']');
            var inner = close > 0 ? host[1..close] : [];
            return close + 1 == colon && !inner.ContainsAny('[', ']') ? inner : host;
        }
        return host[..colon].ContainsAny("[]:") || host[colon..].ContainsAny('[', ']') ? host : host[..colon];
    }

    private static bool MatchesHost(string pattern, ReadOnlySpan<char> host) =>
        host.Equals(pattern, StringComparison.OrdinalIgnoreCase)
        || (pattern.StartsWith("*.", StringComparison.Ordinal) && host.EndsWith(pattern.AsSpan(1), StringComparison.OrdinalIgnoreCase));

    /// <summary>The name as it stands in requests; null when it is the same, or no international name.</summary>
    private static string? ToAscii(string hostname)
    {
        if (System.Text.Ascii.IsValid(hostname))
        {
            return null;
        }
        var prefix = hostname.StartsWith("*.", StringComparison.Ordinal) ? "*." : "";
        try
        {
            return prefix + new IdnMapping().GetAscii(hostname[prefix.Length..].ToLowerInvariant());
        }
        catch (ArgumentException)
        {
            return null;
        }
    }
}
