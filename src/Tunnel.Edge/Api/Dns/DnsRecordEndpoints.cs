using System.Text.Json.Nodes;
using Tunnel.Edge.Api.Http;
using Tunnel.Edge.Api.Permissions;
using Tunnel.Edge.Api.Zones;
using Tunnel.Edge.Store;

namespace Tunnel.Edge.Api.Dns;

/// <summary><c>/zones/{zone}/dns_records</c>.</summary>
internal static class DnsRecordEndpoints
{
    public static void Map(ApiRouter router)
    {
        router.Map("/zones/{zone}/dns_records", ApiPermissions.Dns, ("GET", ListAsync), ("POST", CreateAsync));
        router.Map("/zones/{zone}/dns_records/{record}", ApiPermissions.Dns,
            ("GET", GetAsync), ("PUT", ReplaceAsync), ("PATCH", EditAsync), ("DELETE", DeleteAsync));
    }

    private static Task ListAsync(ApiRequest request)
    {
        var zone = ZoneEndpoints.Find(request);
        var filters = new ListFilters<DnsRecord>(any: request.Query("match") == "any");
        filters.Exact(request.Query("type"), r => r.Type);
        Filter(filters, request, "name", r => r.Name);
        Filter(filters, request, "content", r => r.Content);
        Filter(filters, request, "comment", r => StoredDocument.Parse(r.Document)["comment"]?.ToString());
        if (request.QueryBool("proxied") is { } proxied)
        {
            filters.Add(r => r.Proxied == proxied);
        }

        var search = new ListFilters<DnsRecord>(any: true);
        search.Contains(request.Query("search"), r => r.Name);
        search.Contains(request.Query("search"), r => r.Content);
        var records = search.Apply(filters.Apply(request.Store.DnsRecords.List(zone.Id)));
        IEnumerable<DnsRecord> ordered = request.Query("order") switch
        {
            "type" => records.OrderBy(r => r.Type, StringComparer.Ordinal),
            "content" => records.OrderBy(r => r.Content, StringComparer.Ordinal),
            "ttl" => records.OrderBy(r => r.Ttl),
            "proxied" => records.OrderBy(r => r.Proxied),
            _ => records,
        };
        return request.AnswerPageAsync(
            request.Query("direction") == "desc" ? ordered.Reverse() : ordered,
            DnsRecordDocument.ToJson, defaultSize: 100, maximumSize: 50000);
    }

    private static async Task CreateAsync(ApiRequest request)
    {
        var zone = ZoneEndpoints.Find(request);
        var body = await request.ReadObjectAsync().ConfigureAwait(false);
        var record = DnsRecordDocument.Read(
            body, zone, Identifiers.NewHex32(), createdOn: request.Now, modifiedOn: request.Now);
        var conflict = request.Store.DnsRecords.Add(record);
        if (conflict != DnsConflict.None)
        {
            throw DnsErrors.From(conflict);
        }

        await request.AnswerAsync(DnsRecordDocument.ToJson(record)).ConfigureAwait(false);
    }

    private static Task GetAsync(ApiRequest request) => request.AnswerAsync(DnsRecordDocument.ToJson(
        request.Store.DnsRecords.Get(ZoneEndpoints.Find(request).Id, request.Segment("record"))
            ?? throw DnsErrors.Missing()));

    private static async Task ReplaceAsync(ApiRequest request)
    {
        var zone = ZoneEndpoints.Find(request);
        var body = await request.ReadObjectAsync().ConfigureAwait(false);
        await ChangeAsync(request, zone, present =>
            DnsRecordDocument.Read(body, zone, present.Id, present.CreatedOn, request.Now)).ConfigureAwait(false);
    }

    private static async Task EditAsync(ApiRequest request)
    {
        var zone = ZoneEndpoints.Find(request);
        var body = await request.ReadObjectAsync().ConfigureAwait(false);
        await ChangeAsync(request, zone, present =>
        {
            var merged = DnsRecordDocument.ToJson(present);
            foreach (var (name, value) in body)
            {
                merged[name] = value?.DeepClone();
            }

            return DnsRecordDocument.Read(merged, zone, present.Id, present.CreatedOn, request.Now);
        }).ConfigureAwait(false);
    }

    private static Task DeleteAsync(ApiRequest request)
    {
        var id = request.Segment("record");
        return request.Store.DnsRecords.Remove(ZoneEndpoints.Find(request).Id, id)
            ? request.AnswerAsync(new JsonObject { ["id"] = id })
            : throw DnsErrors.Missing();
    }

    private static Task ChangeAsync(ApiRequest request, ZoneRecord zone, Func<DnsRecord, DnsRecord> change)
    {
        var (conflict, record) = request.Store.DnsRecords.Change(zone.Id, request.Segment("record"), change);
        return conflict == DnsConflict.None
            ? request.AnswerAsync(DnsRecordDocument.ToJson(record!))
            : throw DnsErrors.From(conflict);
    }

    private static void Filter(
        ListFilters<DnsRecord> filters, ApiRequest request, string name, Func<DnsRecord, string?> property)
    {
        filters.Exact(request.Query(name), property);
        filters.Exact(request.Query($"{name}.exact"), property);
        filters.Contains(request.Query($"{name}.contains"), property);
        filters.StartsWith(request.Query($"{name}.startswith"), property);
        filters.EndsWith(request.Query($"{name}.endswith"), property);
    }
}
