using Tunnel.Edge.Store;

namespace Tunnel.Edge.Identity;

/// <summary>Which requests carry the cookie of an application that is bound to its path.</summary>
internal static class CookiePath
{
    /// <summary>
    /// The application's path, in the spelling of the request: browsers compare letters (RFC 6265, section 5.1.4), the edge
    /// does not mind their case. "/" for what has no such path.
    /// </summary>
    /// <param name="application">The application.</param>
    /// <param name="hostname">The host of the request.</param>
    /// <param name="requested">The path of the request, encoded as it came.</param>
    public static string Of(AccessApplicationRecord application, string hostname, string requested)
    {
        if (!application.Settings.CookieIsBoundToPath || CanonicalPath.Of(requested) is not { } path
            || ApplicationMatcher.PathOf(application, hostname, path) is not { } pattern)
        {
            return "/";
        }

        var segments = pattern.Split('/', StringSplitOptions.RemoveEmptyEntries)
            .TakeWhile(s => !s.Contains('*', StringComparison.Ordinal)).ToArray();
        var cut = "/" + string.Join('/', requested.Split('/').Skip(1).Take(segments.Length));
        return cut.IndexOfAny([';', ',', ' ']) < 0
            && string.Equals(CanonicalPath.Of(cut), "/" + string.Join('/', segments), StringComparison.OrdinalIgnoreCase) ? cut : "/";
    }
}
