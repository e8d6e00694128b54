using System.Text.Json.Nodes;
using Tunnel.Edge.Api.Http;
using Tunnel.Edge.Store;

namespace Tunnel.Edge.Api.Access;

/// <summary>
/// What an application covers: its domain first, then its public destinations, or, when it has none, its
/// <c>self_hosted_domains</c>.
/// </summary>
internal static class ApplicationDomains
{
    private const int MaximumDomains = 100;

    public static IReadOnlyList<string> Read(ApiDocument body, IReadOnlyList<ZoneRecord> zones)
    {
        var domains = new List<string>();
        if (body.Text("domain") is { Length: > 0 } domain)
        {
            domains.Add(Normalize(body, domain, zones));
        }

        var destinations = body.Array("destinations") is { Count: > 0 } given
            ? given.Select(d => PublicUri(body, d)).OfType<string>().ToArray()
            : null;
        var others = (destinations ?? body.Texts("self_hosted_domains") ?? []).Select(d => Normalize(body, d, zones)).ToArray();
        if (destinations is { Length: > 0 } && domains is [var primary] && !others.Contains(primary, StringComparer.Ordinal))
        {
            throw body.Invalid("domain not included in destinations");
        }

        domains.AddRange(others);
        var distinct = domains.Distinct(StringComparer.Ordinal).ToArray();
        return distinct.Length is 0 ? throw body.Invalid("domain is required")
            : distinct.Length > MaximumDomains ? throw body.Invalid($"more than {MaximumDomains} domains")
            : distinct;
    }

    /// <summary>Whether a domain, perhaps with a path, lies in a zone.</summary>
    public static bool IsIn(string domain, ZoneRecord zone)
    {
        var slash = domain.IndexOf('/', StringComparison.Ordinal);
        var host = slash < 0 ? domain : domain[..slash];
        return host == zone.Name || host.EndsWith("." + zone.Name, StringComparison.Ordinal);
    }

    /// <summary>Destinations of other types (private networks, Workers) are kept in the document and cover nothing here.</summary>
    private static string? PublicUri(ApiDocument body, JsonNode? destination)
    {
        var document = new ApiDocument(
            destination as JsonObject ?? throw body.Invalid("destinations must be an array of objects"), body.Invalid);
        return document.Text("type") is null or "public" ? document.RequiredText("uri") : null;
    }

    private static string Normalize(ApiDocument body, string domain, IReadOnlyList<ZoneRecord> zones)
    {
        var slash = domain.IndexOf('/', StringComparison.Ordinal);
        var host = (slash < 0 ? domain : domain[..slash]).TrimEnd('.').ToLowerInvariant();
        var path = slash < 0 ? "" : domain[slash..].TrimEnd('/');
        // A wildcard may stand for a label or a part of one, anywhere in the host.
        if (!DomainName.IsValid(host.Replace('*', 'x'), wildcard: false))
        {
            throw body.Invalid($"domain '{domain}' is not valid: give a hostname, perhaps with a path");
        }

        if (!zones.Any(zone => IsIn(host, zone)))
        {
            throw body.Invalid($"domain does not belong to zone: '{domain}'");
        }

        return host + path;
    }
}
