using System.Buffers;

namespace Tunnel.Edge.Api.Http;

/// <summary>Names of hosts and zones as the API takes them: in lower case, without a final dot.</summary>
internal static class DomainName
{
    private static readonly SearchValues<char> LabelCharacters = SearchValues.Create(
        "abcdefghijklmnopqrstuvwxyz0123456789-_");

    public static string Normalize(string name) => name.TrimEnd('.').ToLowerInvariant();

    /// <summary>
    /// Whether a normalised name is made of labels of letters, digits, hyphens and underscores (RFC 1035 with the
    /// underscore of service names); the first one may be <c>*</c>.
    /// </summary>
    public static bool IsValid(string name, bool wildcard)
    {
        if (name.Length is 0 or > 253)
        {
            return false;
        }

        var labels = name.Split('.');
        for (var i = 0; i < labels.Length; i++)
        {
            var label = labels[i];
            var isWildcard = wildcard && i == 0 && label == "*" && labels.Length > 1;
            if (!isWildcard && (label.Length is 0 or > 63 || label[0] == '-' || label[^1] == '-'
                || label.AsSpan().ContainsAnyExcept(LabelCharacters)))
            {
                return false;
            }
        }

        return true;
    }

    /// <summary>
    /// A record's whole name in its zone: <c>@</c> is the zone itself, and a name outside of it is taken as relative.
    /// </summary>
    public static string InZone(string name, string zone)
    {
        var normalized = Normalize(name);
        return normalized is "@" or "" ? zone
            : normalized == zone || normalized.EndsWith("." + zone, StringComparison.Ordinal) ? normalized
            : $"{normalized}.{zone}";
    }
}
