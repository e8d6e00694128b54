using System.Text.Json.Nodes;
using Tunnel.Edge.Api.Http;
using Tunnel.Edge.Api.Permissions;
using Tunnel.Edge.Api.Zones;
using Tunnel.Edge.Store;

namespace Tunnel.Edge.Api.Dns;

/// <summary><c>/zones/{zone}/dns_records/batch</c>: several changes, of which all are made or none.</summary>
internal static class DnsBatchEndpoints
{
    /// <summary>As many as a zone of Cloudflare's free plan may change at once.</summary>
    private const int MaxChanges = 200;

    public static void Map(ApiRouter router) =>
        router.Map("/zones/{zone}/dns_records/batch", ApiPermissions.Dns, ("POST", ApplyAsync));

    private static async Task ApplyAsync(ApiRequest request)
    {
        var zone = ZoneEndpoints.Find(request);
        var body = new ApiDocument(await request.ReadObjectAsync().ConfigureAwait(false), DnsErrors.Invalid);
        // In this order, whatever stands first in the body.
        (string Name, DnsRecordChange[] Changes)[] parts =
        [
            ("deletes", Read(body, "deletes", json => DnsRecordChange.Remove(Id(json)))),
            ("patches", Read(body, "patches", json => DnsRecordChange.Edit(Id(json), present =>
                DnsRecordDocument.Merge(present, json, zone, request.Now)))),
            ("puts", Read(body, "puts", json => DnsRecordChange.Edit(Id(json), present =>
                DnsRecordDocument.Replace(present, json, zone, request.Now)))),
            ("posts", Read(body, "posts", json => DnsRecordChange.Add(
                DnsRecordDocument.Create(json, zone, request.Now)))),
        ];
        DnsRecordChange[] changes = [.. parts.SelectMany(p => p.Changes)];
        if (changes.Length > MaxChanges)
        {
            throw DnsErrors.Invalid($"A batch holds {MaxChanges} changes at most.");
        }

        var records = request.Store.DnsRecords.ChangeAll(zone.Id, changes, DnsErrors.From);
        var answer = new JsonObject();
        var done = 0;
        foreach (var (name, part) in parts)
        {
            answer[name] = new JsonArray([.. records.Skip(done).Take(part.Length).Select(DnsRecordDocument.ToJson)]);
            done += part.Length;
        }

        await request.AnswerAsync(answer).ConfigureAwait(false);
    }

    private static DnsRecordChange[] Read(ApiDocument body, string name, Func<JsonObject, DnsRecordChange> change) =>
    [
        .. (body.Array(name) ?? []).Select(entry =>
            change(entry as JsonObject ?? throw body.Invalid($"{name} must be an array of objects"))),
    ];

    private static string Id(JsonObject json) => new ApiDocument(json, DnsErrors.Invalid).RequiredText("id");
}
