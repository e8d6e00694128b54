using System.Text.Json;
using System.Text.Json.Nodes;
using Tunnel.Edge.Api.Http;
using Tunnel.Edge.Store;

namespace Tunnel.Edge.Api.Dns;

/// <summary>What a list of DNS records may be narrowed and ordered by.</summary>
internal static class DnsRecordFilters
{
    public static IEnumerable<DnsRecord> Apply(ApiRequest request, IReadOnlyList<DnsRecord> records)
    {
        var filters = new ListFilters<DnsRecord>(any: request.Query("match") == "any");
        filters.Exact(request.Query("type"), r => r.Type);
        Add(filters, request, "name", r => r.Name);
        Add(filters, request, "content", r => r.Content);
        Add(filters, request, "comment", Comment);
        if (request.HasQuery("comment.present"))
        {
            filters.Add(r => !string.IsNullOrEmpty(Comment(r)));
        }

        if (request.HasQuery("comment.absent"))
        {
            filters.Add(r => string.IsNullOrEmpty(Comment(r)));
        }

        if (request.QueryBool("proxied") is { } proxied)
        {
            filters.Add(r => r.Proxied == proxied);
        }

        AddTags(filters, request);
        var search = new ListFilters<DnsRecord>(any: true);
        search.Contains(request.Query("search"), r => r.Name);
        search.Contains(request.Query("search"), r => r.Content);
        search.Contains(request.Query("search"), Comment);
        return Order(request, search.Apply(filters.Apply(records)));
    }

    private static IEnumerable<DnsRecord> Order(ApiRequest request, IEnumerable<DnsRecord> records)
    {
        IEnumerable<DnsRecord> ordered = request.Query("order") switch
        {
            "type" => records.OrderBy(r => r.Type, StringComparer.Ordinal),
            "content" => records.OrderBy(r => r.Content, StringComparer.Ordinal),
            "ttl" => records.OrderBy(r => r.Ttl),
            "proxied" => records.OrderBy(r => r.Proxied),
            _ => records,
        };
        return request.Query("direction") == "desc" ? ordered.Reverse() : ordered;
    }

    private static void Add(
        ListFilters<DnsRecord> filters, ApiRequest request, string name, Func<DnsRecord, string?> property)
    {
        filters.Exact(request.Query(name), property);
        filters.Exact(request.Query($"{name}.exact"), property);
        filters.Contains(request.Query($"{name}.contains"), property);
        filters.StartsWith(request.Query($"{name}.startswith"), property);
        filters.EndsWith(request.Query($"{name}.endswith"), property);
    }

    /// <summary>The tag filters are one condition among the others, joined by <c>tag_match</c> and not by <c>match</c>.</summary>
    private static void AddTags(ListFilters<DnsRecord> filters, ApiRequest request)
    {
        var conditions = new List<Func<IReadOnlyList<string>, bool>>();
        AddTag("tag.exact", static (tag, value) => tag.Equals(value, StringComparison.OrdinalIgnoreCase));
        AddTag("tag", static (tag, value) => tag.Equals(value, StringComparison.OrdinalIgnoreCase));
        AddTag("tag.contains", static (tag, value) => tag.Contains(value, StringComparison.OrdinalIgnoreCase));
        AddTag("tag.startswith", static (tag, value) => tag.StartsWith(value, StringComparison.OrdinalIgnoreCase));
        AddTag("tag.endswith", static (tag, value) => tag.EndsWith(value, StringComparison.OrdinalIgnoreCase));
        if (request.Query("tag.present") is { } present)
        {
            conditions.Add(tags => tags.Any(tag => IsNamed(tag, present)));
        }

        if (request.Query("tag.absent") is { } absent)
        {
            conditions.Add(tags => !tags.Any(tag => IsNamed(tag, absent)));
        }

        if (conditions.Count > 0)
        {
            var any = request.Query("tag_match") == "any";
            filters.Add(r => any
                ? conditions.Exists(c => c(Tags(r)))
                : conditions.TrueForAll(c => c(Tags(r))));
        }

        void AddTag(string name, Func<string, string, bool> compare)
        {
            if (request.Query(name) is { } wanted)
            {
                var (tagName, value) = Split(wanted);
                conditions.Add(tags => tags.Any(tag => IsNamed(tag, tagName) && compare(Split(tag).Value, value)));
            }
        }
    }

    private static bool IsNamed(string tag, string name) => Split(tag).Name.Equals(name, StringComparison.OrdinalIgnoreCase);

    private static (string Name, string Value) Split(string tag)
    {
        var colon = tag.IndexOf(':', StringComparison.Ordinal);
        return colon < 0 ? (tag, "") : (tag[..colon], tag[(colon + 1)..]);
    }

    private static string? Comment(DnsRecord record) =>
        StoredDocument.Parse(record.Document)["comment"] is JsonValue value && value.GetValueKind() == JsonValueKind.String
            ? value.GetValue<string>()
            : null;

    private static IReadOnlyList<string> Tags(DnsRecord record) =>
        StoredDocument.Parse(record.Document)["tags"] is JsonArray tags
            ? [.. tags.Where(t => t?.GetValueKind() == JsonValueKind.String).Select(t => t!.GetValue<string>())]
            : [];
}
