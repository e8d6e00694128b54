using System.Text.Json.Nodes;
using Tunnel.Edge.Api.Http;
using Tunnel.Edge.Api.Permissions;
using Tunnel.Edge.Store;

namespace Tunnel.Edge.Api.Zones;

/// <summary><c>/zones</c>. A zone of the embedded edge is active at once: nobody delegates to it.</summary>
internal static class ZoneEndpoints
{
    private static readonly string[] NameServers = ["ada.ns.cloudflare.test", "bob.ns.cloudflare.test"];

    public static void Map(ApiRouter router)
    {
        router.Map("/zones", ApiPermissions.ZoneList, ("GET", ListAsync), ("POST", CreateAsync));
        router.Map("/zones/{zone}", ApiPermissions.Zones, ("GET", GetAsync), ("DELETE", DeleteAsync));
    }

    /// <summary>The zone that the path names.</summary>
    public static ZoneRecord Find(ApiRequest request) =>
        request.Store.Zones.Get(request.Segment("zone")) ?? throw ZoneErrors.Unknown();

    private static Task ListAsync(ApiRequest request)
    {
        var account = request.Store.Account;
        var filters = new ListFilters<ZoneRecord>(any: request.Query("match") == "any");
        filters.Text(request.Query("name"), z => z.Name);
        filters.Exact(request.Query("status"), z => z.Status);
        filters.Exact(request.Query("type"), z => z.Type);
        filters.Exact(request.Query("account.id"), z => z.AccountId);
        filters.Text(request.Query("account.name"), _ => account.Name);
        var zones = filters.Apply(request.Store.Zones.List());
        var ordered = request.Query("order") == "status" ? zones.OrderBy(z => z.Status, StringComparer.Ordinal) : zones;
        return request.AnswerPageAsync(
            request.Query("direction") == "desc" ? ordered.Reverse() : ordered,
            zone => ToJson(zone, account), defaultSize: 20, maximumSize: 50);
    }

    private static async Task CreateAsync(ApiRequest request)
    {
        var body = new ApiDocument(await request.ReadObjectAsync().ConfigureAwait(false), ZoneErrors.Invalid);
        var name = DomainName.Normalize(body.RequiredText("name"));
        if (!name.Contains('.', StringComparison.Ordinal) || !DomainName.IsValid(name, wildcard: false))
        {
            throw ZoneErrors.NotADomain(name);
        }

        if (body.Object("account") is { } owner && new ApiDocument(owner, ZoneErrors.Invalid).Text("id") is { } id
            && id != request.Store.Account.Id)
        {
            throw ApiErrors.Unauthorized();
        }

        var type = body.Text("type") ?? "full";
        if (type is not ("full" or "partial" or "secondary"))
        {
            throw ZoneErrors.Invalid("type must be full, partial or secondary");
        }

        var zone = new ZoneRecord
        {
            Id = Identifiers.NewHex32(),
            AccountId = request.Store.Account.Id,
            Name = name,
            Status = "active",
            Type = type,
            NameServers = NameServers,
            CreatedOn = request.Now,
            ModifiedOn = request.Now,
            ActivatedOn = request.Now,
        };
        if (!request.Store.Zones.TryAdd(zone))
        {
            throw ZoneErrors.Exists(name);
        }

        await request.AnswerAsync(ToJson(zone, request.Store.Account)).ConfigureAwait(false);
    }

    private static Task GetAsync(ApiRequest request) =>
        request.AnswerAsync(ToJson(Find(request), request.Store.Account));

    private static Task DeleteAsync(ApiRequest request)
    {
        var id = request.Segment("zone");
        return request.Store.Zones.Remove(id)
            ? request.AnswerAsync(new JsonObject { ["id"] = id })
            : throw ZoneErrors.Unknown();
    }

    private static JsonObject ToJson(ZoneRecord zone, AccountRecord account) => new()
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
        ["owner"] = new JsonObject { ["id"] = null, ["type"] = "user", ["name"] = null },
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
    };
}
