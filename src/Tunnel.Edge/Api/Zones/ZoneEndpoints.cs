using System.Text.Json.Nodes;
using Tunnel.Edge.Api.Http;
using Tunnel.Edge.Api.Permissions;
using Tunnel.Edge.Store;

namespace Tunnel.Edge.Api.Zones;

/// <summary>
/// <c>/zones</c>. Nobody delegates a domain to an embedded edge, so a full zone is active at once, unless
/// <see cref="ApiOptions.ZonesStartPending"/>; a pending one becomes active when it is checked.
/// </summary>
internal static class ZoneEndpoints
{
    private const string Active = "active";
    private const string Pending = "pending";
    private const int MaxVanityNameServers = 10;

    private static readonly string[] NameServers = ["ada.ns.cloudflare.test", "bob.ns.cloudflare.test"];

    public static void Map(ApiRouter router)
    {
        router.Map("/zones", ApiPermissions.ZoneList, ("GET", ListAsync), ("POST", CreateAsync));
        router.Map("/zones/{zone}", ApiPermissions.Zones, ("GET", GetAsync), ("PATCH", EditAsync), ("DELETE", DeleteAsync));
        router.Map("/zones/{zone}/activation_check", ApiPermissions.Zones, ("PUT", CheckActivationAsync));
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
        filters.AnyOf(request.Query("type"), z => z.Type);
        filters.Exact(request.Query("account.id"), z => z.AccountId);
        filters.Text(request.Query("account.name"), _ => account.Name);
        var zones = filters.Apply(request.Store.Zones.List().Where(request.Caller.MaySee));
        // By name, as the store lists them: every zone has the same account and the same plan.
        var ordered = request.Query("order") == "status" ? zones.OrderBy(z => z.Status, StringComparer.Ordinal) : zones;
        return request.AnswerPageAsync(
            request.Query("direction") == "desc" ? ordered.Reverse() : ordered,
            zone => ZoneDocument.ToJson(zone, account), defaultSize: 20, maximumSize: 50);
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

        var type = ReadType(body) ?? "full";
        var isPending = request.Options.ZonesStartPending || type is "partial" or "secondary";
        var zone = new ZoneRecord
        {
            Id = Identifiers.NewHex32(),
            AccountId = request.Store.Account.Id,
            Name = name,
            Status = isPending ? Pending : Active,
            Type = type,
            NameServers = NameServers,
            CreatedOn = request.Now,
            ModifiedOn = request.Now,
            ActivatedOn = isPending ? null : request.Now,
            Document = ZoneDocument.ForType(type),
        };
        if (!request.Store.Zones.TryAdd(zone))
        {
            throw ZoneErrors.Exists(name);
        }

        await AnswerAsync(request, zone).ConfigureAwait(false);
    }

    private static Task GetAsync(ApiRequest request) => AnswerAsync(request, Find(request));

    private static async Task EditAsync(ApiRequest request)
    {
        var body = new ApiDocument(await request.ReadObjectAsync().ConfigureAwait(false), ZoneErrors.Invalid);
        if (body.Json.Count != 1)
        {
            throw ZoneErrors.Invalid("Exactly one zone property can be changed at a time");
        }

        var paused = body.Bool("paused");
        var type = ReadType(body);
        var vanity = ReadVanityNameServers(body);
        await AnswerAsync(request, request.Store.Zones.Change(request.Segment("zone"), zone => zone with
        {
            Paused = paused ?? zone.Paused,
            Type = type ?? zone.Type,
            Document = ZoneDocument.Change(zone.Document, type, vanity),
            ModifiedOn = request.Now,
        }) ?? throw ZoneErrors.Unknown()).ConfigureAwait(false);
    }

    private static async Task CheckActivationAsync(ApiRequest request)
    {
        var zone = request.Store.Zones.Change(request.Segment("zone"), zone => zone.Status == Active ? zone : zone with
        {
            Status = Active, ActivatedOn = request.Now, ModifiedOn = request.Now,
        }) ?? throw ZoneErrors.Unknown();
        await request.AnswerAsync(new JsonObject { ["id"] = zone.Id }).ConfigureAwait(false);
    }

    private static Task DeleteAsync(ApiRequest request)
    {
        var id = request.Segment("zone");
        return request.Store.Zones.Remove(id)
            ? request.AnswerAsync(new JsonObject { ["id"] = id })
            : throw ZoneErrors.Unknown();
    }

    private static Task AnswerAsync(ApiRequest request, ZoneRecord zone) =>
        request.AnswerAsync(ZoneDocument.ToJson(zone, request.Store.Account));

    private static string? ReadType(ApiDocument body) => body.Text("type") switch
    {
        null => null,
        ("full" or "partial" or "secondary" or "internal") and var type => type,
        _ => throw ZoneErrors.Invalid("type must be full, partial, secondary or internal"),
    };

    private static IReadOnlyList<string>? ReadVanityNameServers(ApiDocument body)
    {
        var servers = body.Texts("vanity_name_servers");
        if (servers is { Count: > MaxVanityNameServers }
            || servers?.All(s => DomainName.IsValid(DomainName.Normalize(s), wildcard: false)) == false)
        {
            throw ZoneErrors.Invalid($"vanity_name_servers must be {MaxVanityNameServers} hostnames at most");
        }

        return servers;
    }
}
