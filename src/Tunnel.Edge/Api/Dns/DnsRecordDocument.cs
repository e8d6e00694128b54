using System.Net;
using System.Net.Sockets;
using System.Text.Json.Nodes;
using Tunnel.Edge.Api.Http;
using Tunnel.Edge.Store;

namespace Tunnel.Edge.Api.Dns;

/// <summary>A DNS record as JSON, and the rules for its parts.</summary>
internal static class DnsRecordDocument
{
    private const int MaxCommentLength = 500;

    private const string CommentModified = "comment_modified_on";
    private const string TagsModified = "tags_modified_on";

    private static readonly string[] Owned =
        ["id", "zone_id", "zone_name", "type", "name", "content", "proxied", "proxiable", "ttl", "meta", "created_on", "modified_on",
            CommentModified, TagsModified];

    /// <summary>Reads a whole record, as POST sends it.</summary>
    public static DnsRecord Create(JsonObject json, ZoneRecord zone, DateTimeOffset now) => Read(json, zone, present: null, now);

    /// <summary>Reads what a PUT makes of a record.</summary>
    public static DnsRecord Replace(DnsRecord present, JsonObject json, ZoneRecord zone, DateTimeOffset now) => Read(json, zone, present, now);

    private static DnsRecord Read(JsonObject json, ZoneRecord zone, DnsRecord? present, DateTimeOffset now)
    {
        var body = new ApiDocument(json, DnsErrors.Invalid);
        var type = body.RequiredText("type").ToUpperInvariant();
        var name = DomainName.InZone(body.RequiredText("name"), zone.Name);
        if (!DomainName.IsValid(name, wildcard: true))
        {
            throw DnsErrors.Invalid(9000, "DNS name is invalid.");
        }

        var proxied = body.Bool("proxied") ?? false;
        if (proxied && !IsProxiable(type))
        {
            throw DnsErrors.Invalid(9004, "This record type cannot be proxied.");
        }

        if (body.Text("comment") is { Length: > MaxCommentLength })
        {
            throw DnsErrors.Invalid($"DNS record comment has more than {MaxCommentLength} characters.");
        }

        _ = body.Texts("tags");
        var ttl = body.Int("ttl") ?? 1;
        if (ttl is not 1 and (< 30 or > 86400))
        {
            throw DnsErrors.Invalid(9021, "TTL must be between 60 and 86400 seconds, or 1 for Automatic.");
        }

        return new DnsRecord
        {
            Id = present?.Id ?? Identifiers.NewHex32(),
            ZoneId = zone.Id,
            Type = type,
            Name = name,
            Content = ReadContent(body, type, name),
            Proxied = proxied,
            // Proxied records answer with the edge's own addresses and its own lifetime.
            Ttl = proxied ? 1 : ttl,
            Document = Keep(json, present, now),
            CreatedOn = present?.CreatedOn ?? now,
            ModifiedOn = now,
        };
    }

    /// <summary>The record with some of its properties changed, as PATCH sends them.</summary>
    public static DnsRecord Merge(DnsRecord present, JsonObject changes, ZoneRecord zone, DateTimeOffset now)
    {
        var merged = ToJson(present);
        if (changes.ContainsKey("data") && !changes.ContainsKey("content"))
        {
            // The content was composed of the data that are replaced.
            merged.Remove("content");
        }

        foreach (var (name, value) in changes)
        {
            merged[name] = value?.DeepClone();
        }

        return Read(merged, zone, present, now);
    }

    // A comment and tags have times of their own; there is none where there is nothing to be told of.
    private static string Keep(JsonObject json, DnsRecord? present, DateTimeOffset now)
    {
        var kept = StoredDocument.Parse(StoredDocument.Keep(json, Owned));
        var before = present is null ? [] : StoredDocument.Parse(present.Document);
        foreach (var (name, modified) in ((string, string)[])[("comment", CommentModified), ("tags", TagsModified)])
        {
            if (!IsEmpty(kept[name]))
            {
                kept[modified] = JsonNode.DeepEquals(kept[name], before[name]) && before[modified] is { } time
                    ? time.DeepClone() : ApiTime.ToJson(now);
            }
        }

        return kept.ToJsonString();
    }

    private static bool IsEmpty(JsonNode? node) => node is null or JsonArray { Count: 0 }
        || (node is JsonValue value && value.TryGetValue<string>(out var text) && text.Length == 0);

    public static JsonObject ToJson(DnsRecord record) => new JsonObject
    {
        ["id"] = record.Id,
        ["name"] = record.Name,
        ["type"] = record.Type,
        ["content"] = record.Content,
        ["proxiable"] = IsProxiable(record.Type),
        ["proxied"] = record.Proxied,
        ["ttl"] = record.Ttl,
        ["meta"] = new JsonObject(),
        ["created_on"] = ApiTime.ToJson(record.CreatedOn),
        ["modified_on"] = ApiTime.ToJson(record.ModifiedOn),
    }.With(record.Document).WithDefaults(PriorityOf(record)).WithDefaults(
        ("settings", new JsonObject()), ("comment", null), ("tags", new JsonArray()));

    /// <summary>The priority of a record whose client told it among the data only.</summary>
    public static JsonNode? Priority(DnsRecord record)
    {
        var document = StoredDocument.Parse(record.Document);
        return (document["priority"] ?? (document["data"] as JsonObject)?["priority"])?.DeepClone();
    }

    private static (string Name, JsonNode? Value)[] PriorityOf(DnsRecord record) =>
        record.Type is "MX" or "SRV" or "URI" && Priority(record) is { } priority ? [("priority", priority)] : [];

    private static bool IsProxiable(string type) => type is "A" or "AAAA" or "CNAME";

    private static string ReadContent(ApiDocument body, string type, string name)
    {
        var content = body.Text("content") ?? (body.Object("data") is { } data ? DnsRecordData.ToContent(type, data) : null);
        if (string.IsNullOrWhiteSpace(content))
        {
            throw DnsErrors.Invalid($"Content for {type} record is required.");
        }

        if (type == "MX" && body.Int("priority") is not (>= 0 and <= ushort.MaxValue))
        {
            throw DnsErrors.Invalid("priority is required for MX records, from 0 to 65535.");
        }

        switch (type)
        {
            case "A" when !IsAddress(content, AddressFamily.InterNetwork):
                throw DnsErrors.Invalid(9005, "Content for A record must be a valid IPv4 address.");
            case "AAAA" when !IsAddress(content, AddressFamily.InterNetworkV6):
                throw DnsErrors.Invalid(9006, "Content for AAAA record must be a valid IPv6 address.");
            case "CNAME":
                var target = DomainName.Normalize(content);
                return !DomainName.IsValid(target, wildcard: false)
                    ? throw DnsErrors.Invalid(9007, "Content for CNAME record is invalid.")
                    : target == name
                        ? throw DnsErrors.Invalid(9039, "CNAME content cannot reference itself.")
                        : target;
            case "A" or "AAAA" or "CAA" or "CERT" or "DNSKEY" or "DS" or "HTTPS" or "LOC" or "MX" or "NAPTR" or "NS"
                or "OPENPGPKEY" or "PTR" or "SMIMEA" or "SRV" or "SSHFP" or "SVCB" or "TLSA" or "TXT" or "URI":
                return content;
            default:
                throw DnsErrors.Invalid($"DNS record type \"{type}\" is invalid.");
        }
    }

    private static bool IsAddress(string content, AddressFamily family) =>
        IPAddress.TryParse(content, out var address) && address.AddressFamily == family
        // IPAddress also reads "1" and "0x7f.1".
        && (family == AddressFamily.InterNetworkV6 || address.ToString() == content);
}
