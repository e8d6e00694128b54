using System.Buffers;

namespace Tunnel.Edge.Identity;

/// <summary>
/// The path that an origin may take a request for, whatever it does to it: decoded to the end, backslashes as slashes,
/// dot segments resolved, repeated slashes as one. Access decides by this one, and only where every other reading leads to
/// the same application, so that no spelling goes around it.
/// </summary>
internal static class CanonicalPath
{
    /// <summary>Deeper nesting of percent-encoding than this serves nobody but an attacker.</summary>
    private const int MaxRounds = 4;

    private static readonly SearchValues<char> s_readInTwoWays = SearchValues.Create(";. \0?#");

    /// <returns>Null when it has no one meaning, or is encoded more often than anybody needs: refuse the request.</returns>
    public static string? Of(string path)
    {
        for (var round = 0; round < MaxRounds; round++)
        {
            var decoded = Uri.UnescapeDataString(path);
            if (decoded == path)
            {
                return Resolve(path);
            }

            path = decoded;
        }

        return null;
    }

    /// <summary>
    /// The same path as origins take it that drop the parameters of segments ("/admin;x"), the dots and spaces at their ends
    /// ("/admin.") and what follows a zero, or what a second parser takes for a query or fragment ("/admin%00x", "/admin%23x").
    /// </summary>
    public static string Bare(string path) => path.AsSpan().ContainsAny(s_readInTwoWays)
        ? "/" + string.Join('/', path.Split('\0', '?', '#')[0].Split('/')[1..].Select(s => s.Split(';')[0].TrimEnd('.', ' ')).Where(s => s.Length > 0))
        : path;

    /// <summary>
    /// What an origin may take the path for that does less, or none, of this: "/secret/..%2fpublic" is "/public" to one and a
    /// name below "/secret" to another.
    /// </summary>
    /// <param name="path">A path that <see cref="Of"/> takes.</param>
    public static IReadOnlyCollection<string> ReadingsOf(string path)
    {
        var readings = new HashSet<string>(StringComparer.Ordinal);
        for (var (round, decoded) = (0, ""); round < MaxRounds; round++, path = decoded)
        {
            foreach (var reading in (string?[])[path, Resolve(path), Resolve(path, '/')])
            {
                if (reading is not null)
                {
                    readings.Add(reading);
                    readings.Add(Bare(reading));
                }
            }

            decoded = Uri.UnescapeDataString(path);
            if (decoded == path)
            {
                break;
            }
        }

        return readings;
    }

    private static string? Resolve(string path, char backslash = '\\')
    {
        var segments = new List<string>();
        var afterEmpty = false;
        foreach (var segment in path.Replace(backslash, '/').Split('/')[1..])
        {
            switch (segment)
            {
                case ".." when afterEmpty:
                    return null; // "/a//../b" is "/a/b" to some and "/b" to others
                case "..":
                    segments.RemoveRange(Math.Max(0, segments.Count - 1), Math.Min(1, segments.Count));
                    break;
                case not ("" or "."):
                    if (segment.Split(';')[0] is "." or "..")
                    {
                        return null; // "..;x" is a name to some and ".." with a parameter to others
                    }

                    segments.Add(segment);
                    break;
            }

            afterEmpty = segment.Length == 0;
        }

        return "/" + string.Join('/', segments);
    }
}
