using System.Globalization;
using System.Security.Cryptography;
using System.Text.Json.Nodes;
using Tunnel.Edge.Api.Http;
using Tunnel.Edge.Store;

namespace Tunnel.Edge.Api.Zones;

/// <summary>A zone as JSON.</summary>
internal static class ZoneDocument
{
    private const string VanityNameServers = "vanity_name_servers";
    private const string VerificationKey = "verification_key";

    public static JsonObject ToJson(ZoneRecord zone, AccountRecord account) => new JsonObject
    {
        ["id"] = zone.Id,
        ["name"] = zone.Name,
        ["status"] = zone.Status,
        ["paused"] = zone.Paused,
        ["type"] = zone.Type,
        ["development_mode"] = 0,
        ["name_servers"] = new JsonArray([.. zone.NameServers.Select(s => JsonValue.Create(s))]),
        ["original_name_servers"] = null,
        ["original_registrar"] = null,
        ["original_dnshost"] = null,
        ["created_on"] = ApiTime.ToJson(zone.CreatedOn),
        ["modified_on"] = ApiTime.ToJson(zone.ModifiedOn),
        ["activated_on"] = ApiTime.ToJson(zone.ActivatedOn),
        ["meta"] = new JsonObject
        {
            ["step"] = 2,
            ["custom_certificate_quota"] = 0,
            ["page_rule_quota"] = 0,
            ["phishing_detected"] = false,
        },
        ["owner"] = new JsonObject { ["id"] = account.Id, ["type"] = "organization", ["name"] = account.Name },
        ["account"] = new JsonObject { ["id"] = account.Id, ["name"] = account.Name },
        ["permissions"] = new JsonArray("#zone:read", "#zone:edit", "#dns_records:read", "#dns_records:edit"),
        ["plan"] = new JsonObject
        {
            ["id"] = "0feeeeeeeeeeeeeeeeeeeeeeeeeeeeee",
            ["name"] = "Free Website",
            ["price"] = 0,
            ["currency"] = "USD",
            ["frequency"] = "",
            ["is_subscribed"] = false,
            ["can_subscribe"] = false,
            ["legacy_id"] = "free",
            ["legacy_discount"] = false,
            ["externally_managed"] = false,
        },
    }.With(zone.Document).WithDefaults(("vanity_name_servers", new JsonArray()));

    /// <summary>What a new zone has beside its columns: a partial one proves its owner by a TXT record with a key.</summary>
    public static string ForType(string type) => Change("{}", type, vanityNameServers: null);

    /// <summary>The document after another type, other vanity name servers, or neither (null).</summary>
    public static string Change(string document, string? type, IReadOnlyList<string>? vanityNameServers)
    {
        var json = StoredDocument.Parse(document);
        if (vanityNameServers is not null)
        {
            json[VanityNameServers] = new JsonArray([.. vanityNameServers.Select(s => JsonValue.Create(DomainName.Normalize(s)))]);
        }

        if (type == "partial" && !json.ContainsKey(VerificationKey))
        {
            json[VerificationKey] = string.Create(
                CultureInfo.InvariantCulture, $"{Part()}-{Part()}");
        }
        else if (type is not (null or "partial"))
        {
            json.Remove(VerificationKey);
        }

        return json.ToJsonString();
    }

    private static int Part() => RandomNumberGenerator.GetInt32(100_000_000, 1_000_000_000);
}
