using Tunnel.Core.Api;

namespace Tunnel.Core.Tunnels;

/// <summary>
/// Which Access application guards a hostname. The rules are those of Cloudflare's "Application paths": a wildcard stands
/// for characters of one label and never for the parent; an application with a path guards that path only. A visitor's
/// ssh asks for the path <c>/</c>.
/// </summary>
internal static class ApplicationCoverage
{
    /// <summary>Types whose domain is guarded. A bookmark, for instance, has a domain that it only links to.</summary>
    private static readonly string[] GuardingTypes = ["self_hosted", "ssh", "vnc", "rdp"];

    /// <summary>The application in charge of the hostname: of those that cover it the most specific; null if none does.</summary>
    public static AccessApplication? Find(IEnumerable<AccessApplication> applications, string hostname)
    {
        AccessApplication? found = null;
        var rank = -1;
        foreach (var application in applications)
        {
            var own = Rank(application, hostname);
            if (own > rank)
            {
                (found, rank) = (application, own);
            }
        }

        return found;
    }

    /// <summary>How specifically the application covers the hostname; -1 if it does not.</summary>
    public static int Rank(AccessApplication application, string hostname)
    {
        if (!GuardingTypes.Contains(application.Type))
        {
            return -1;
        }

        var rank = -1;
        foreach (var pattern in Patterns(application))
        {
            if (Covers(pattern, hostname))
            {
                var host = HostOf(pattern);
                // An exact name goes before wildcards; of these, the one with more characters of its own.
                rank = Math.Max(rank, host.Contains('*', StringComparison.Ordinal) ? host.Length : int.MaxValue);
            }
        }

        return rank;
    }

    /// <summary>Whether a pattern such as <c>*.example.com/path</c> covers the root path of the hostname.</summary>
    public static bool Covers(string pattern, string hostname)
    {
        var slash = pattern.IndexOf('/', StringComparison.Ordinal);
        var path = slash < 0 ? "" : pattern[slash..];
        return path is "" or "/" or "/*" && MatchesHost(HostOf(pattern), hostname);
    }

    /// <summary>Whether the application is in charge of some path of the hostname, but not of all.</summary>
    public static bool GuardsPathOf(AccessApplication application, string hostname) =>
        GuardingTypes.Contains(application.Type)
        && Patterns(application).Any(pattern => !Covers(pattern, hostname) && MatchesHost(HostOf(pattern), hostname));

    private static IEnumerable<string> Patterns(AccessApplication application) =>
        new[] { application.Domain }
            .Concat(application.SelfHostedDomains ?? [])
            .Concat((application.Destinations ?? []).Where(static d => d.Type is null or "public").Select(static d => d.Uri))
            .Where(static p => !string.IsNullOrWhiteSpace(p))
            .Select(static p => p!.Trim());

    private static string HostOf(string pattern)
    {
        var slash = pattern.IndexOf('/', StringComparison.Ordinal);
        return slash < 0 ? pattern : pattern[..slash];
    }

    private static bool MatchesHost(string pattern, string hostname)
    {
        var patterns = pattern.TrimEnd('.').Split('.');
        var labels = hostname.Split('.');
        return patterns.Length == labels.Length && patterns.Zip(labels).All(static pair => MatchesLabel(pair.First, pair.Second));
    }

    private static bool MatchesLabel(string pattern, string label)
    {
        var star = pattern.IndexOf('*', StringComparison.Ordinal);
        if (star < 0)
        {
            return pattern.Equals(label, StringComparison.OrdinalIgnoreCase);
        }

        var before = pattern[..star];
        var after = pattern[(star + 1)..];
        return !after.Contains('*', StringComparison.Ordinal)
            && label.Length >= before.Length + after.Length
            && label.StartsWith(before, StringComparison.OrdinalIgnoreCase)
            && label.EndsWith(after, StringComparison.OrdinalIgnoreCase);
    }
}
