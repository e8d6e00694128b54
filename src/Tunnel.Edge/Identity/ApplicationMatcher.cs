using Tunnel.Edge.Store;

namespace Tunnel.Edge.Identity;

/// <summary>
/// Finds the application that covers a hostname and path. Where two do, the more specific one decides: a literal
/// host before a wildcard, a longer host before a shorter, then a longer path before a shorter.
/// </summary>
internal static class ApplicationMatcher
{
    /// <param name="hostname">In lower case, without port or trailing dot.</param>
    /// <param name="path">As <see cref="CanonicalPath"/> has it.</param>
    public static AccessApplicationRecord? Find(IEnumerable<AccessApplicationRecord> applications, string hostname, string path)
        => Best(applications, hostname, path, CanonicalPath.Bare(path)).Application;

    /// <summary>
    /// Whether the same application covers everything that an origin may take the request for. Where it does not, no
    /// application can tell who may enter: the path of one that lets everybody in would open the paths of another.
    /// </summary>
    /// <param name="requested">The path as the origin is told it.</param>
    public static bool CoversAllReadings(IReadOnlyList<AccessApplicationRecord> applications, string hostname, string requested) =>
        CanonicalPath.ReadingsOf(requested)
            .Select(reading => Best(applications, hostname, reading, reading).Application?.Id).Distinct().Count() == 1;

    /// <summary>The path of the application's domain that covers a host and path; "" for a whole host, null for none.</summary>
    public static string? PathOf(AccessApplicationRecord application, string hostname, string path) =>
        Best([application], hostname, path, CanonicalPath.Bare(path)).Path;

    /// <param name="bare">What an origin may take the path for that takes it for less than it says.</param>
    private static (AccessApplicationRecord? Application, string? Path) Best(
        IEnumerable<AccessApplicationRecord> applications, string hostname, string path, string bare)
    {
        (AccessApplicationRecord?, string?) best = default;
        var bestRank = (-1, -1, -1);
        foreach (var application in applications)
        {
            foreach (var domain in application.Domains)
            {
                var slash = domain.IndexOf('/', StringComparison.Ordinal);
                var host = slash < 0 ? domain : domain[..slash];
                // "/" and "/*" are the whole host, which also has requests without a path.
                var under = slash < 0 ? "" : domain[slash..].TrimEnd('/', '*');
                under = under.Length > 0 ? domain[slash..].TrimEnd('/') : "";
                var rank = (host.Contains('*', StringComparison.Ordinal) ? 0 : 1, host.Length, under.Length);
                if (rank.CompareTo(bestRank) > 0 && Matches(host, hostname)
                    && (Covers(under, path) || (bare != path && Covers(under, bare))))
                {
                    (best, bestRank) = ((application, under), rank);
                }
            }
        }

        return best;
    }

    /// <summary>The host of the application's domain that covers a hostname, with its wildcards; null when none does.</summary>
    public static string? HostOf(AccessApplicationRecord application, string hostname) => application.Domains
        .Select(domain => domain.Split('/')[0])
        .Where(host => Matches(host, hostname))
        .OrderBy(host => host.Contains('*', StringComparison.Ordinal)).ThenByDescending(host => host.Length)
        .FirstOrDefault();

    private static bool Covers(string pattern, string path)
    {
        if (pattern.Length == 0)
        {
            return true;
        }

        if (!pattern.Contains('*', StringComparison.Ordinal))
        {
            return path.StartsWith(pattern, StringComparison.OrdinalIgnoreCase)
                && (path.Length == pattern.Length || path[pattern.Length] == '/');
        }

        return Matches(pattern, path) || Matches(pattern + "/*", path);
    }

    /// <summary>A star stands for any run of characters: rather too much is locked than too little.</summary>
    private static bool Matches(string pattern, string text)
    {
        var (p, t, star, mark) = (0, 0, -1, 0);
        while (t < text.Length)
        {
            if (p < pattern.Length && pattern[p] == '*')
            {
                (star, mark) = (p++, t);
            }
            else if (p < pattern.Length && char.ToLowerInvariant(pattern[p]) == char.ToLowerInvariant(text[t]))
            {
                p++;
                t++;
            }
            else if (star >= 0)
            {
                (p, t) = (star + 1, ++mark);
            }
            else
            {
                return false;
            }
        }

        return pattern.AsSpan(p).TrimStart('*').IsEmpty;
    }
}
