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

    private static Task ListAsync(ApiRequest request) => request.AnswerPageAsync(
        DnsRecordFilters.Apply(request, request.Store.DnsRecords.List(ZoneEndpoints.Find(request).Id)),
        DnsRecordDocument.ToJson, defaultSize: 100, maximumSize: 50000);

    private static async Task CreateAsync(ApiRequest request)
    {
        var zone = ZoneEndpoints.Find(request);
        var body = await request.ReadObjectAsync().ConfigureAwait(false);
        var record = DnsRecordDocument.Create(body, zone, request.Now);
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
            DnsRecordDocument.Replace(present, body, zone, request.Now)).ConfigureAwait(false);
    }

    private static async Task EditAsync(ApiRequest request)
    {
        var zone = ZoneEndpoints.Find(request);
        var body = await request.ReadObjectAsync().ConfigureAwait(false);
        await ChangeAsync(request, zone, present =>
            DnsRecordDocument.Merge(present, body, zone, request.Now)).ConfigureAwait(false);
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
}
