using System.Text.Json;
using System.Text.Json.Nodes;

namespace Tunnel.Edge.Api.Dns;

/// <summary>Composes the content of records that are told in several fields (<c>data</c>), as a zone file writes it.</summary>
internal static class DnsRecordData
{
    public static string ToContent(string type, JsonObject data)
    {
        string[]? fields = type switch
        {
            "CAA" => ["flags", "tag", "\"value\""],
            "CERT" => ["type", "key_tag", "algorithm", "certificate"],
            "DNSKEY" => ["flags", "protocol", "algorithm", "public_key"],
            "DS" => ["key_tag", "algorithm", "digest_type", "digest"],
            "HTTPS" or "SVCB" => ["priority", "target", "value"],
            "LOC" =>
            [
                "lat_degrees", "lat_minutes", "lat_seconds", "lat_direction", "long_degrees", "long_minutes",
                "long_seconds", "long_direction", "altitude", "size", "precision_horz", "precision_vert",
            ],
            "NAPTR" => ["order", "preference", "\"flags\"", "\"service\"", "\"regex\"", "replacement"],
            "SMIMEA" or "TLSA" => ["usage", "selector", "matching_type", "certificate"],
            "SRV" => ["weight", "port", "target"], // the priority stands apart, as for MX and URI
            "SSHFP" => ["algorithm", "type", "fingerprint"],
            "URI" => ["weight", "\"target\""],
            _ => null,
        };
        return fields is null ? "" : string.Join(' ', fields.Select(field => Value(data, field)).Where(v => v.Length > 0));
    }

    /// <summary>A field whose name stands in quotes has its value in quotes.</summary>
    private static string Value(JsonObject data, string field)
    {
        var isQuoted = field[0] == '"';
        var value = data[isQuoted ? field[1..^1] : field] switch
        {
            JsonValue text when text.GetValueKind() == JsonValueKind.String => text.GetValue<string>(),
            JsonValue number when number.GetValueKind() == JsonValueKind.Number => number.ToJsonString(),
            _ => "",
        };
        return isQuoted ? $"\"{value}\"" : value;
    }
}
