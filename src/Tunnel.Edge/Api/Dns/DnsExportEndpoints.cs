using System.Globalization;
using System.Text;
using Tunnel.Edge.Api.Http;
using Tunnel.Edge.Api.Permissions;
using Tunnel.Edge.Api.Zones;
using Tunnel.Edge.Store;

namespace Tunnel.Edge.Api.Dns;

/// <summary><c>/zones/{zone}/dns_records/export</c>: the records as a zone file (RFC 1035, section 5).</summary>
internal static class DnsExportEndpoints
{
    public static void Map(ApiRouter router) =>
        router.Map("/zones/{zone}/dns_records/export", ApiPermissions.Dns, ("GET", ExportAsync));

    private static Task ExportAsync(ApiRequest request)
    {
        var zone = ZoneEndpoints.Find(request);
        var file = new StringBuilder(string.Create(CultureInfo.InvariantCulture, $"""
            ;;
            ;; Domain:     {zone.Name}.
            ;; Exported:   {request.Now:yyyy-MM-dd HH:mm:ss}
            ;;

            """));
        foreach (var records in request.Store.DnsRecords.List(zone.Id).GroupBy(r => r.Type))
        {
            file.Append(CultureInfo.InvariantCulture, $"\n;; {records.Key} Records\n");
            foreach (var record in records)
            {
                file.Append(CultureInfo.InvariantCulture,
                    $"{record.Name}.\t{record.Ttl}\tIN\t{record.Type}\t{Data(record)}{Note(record)}\n");
            }
        }

        return request.AnswerTextAsync(file.ToString());
    }

    private static string Data(DnsRecord record) => record.Type switch
    {
        "CNAME" or "NS" or "PTR" => record.Content + ".",
        "MX" => $"{DnsRecordDocument.Priority(record)} {record.Content}.",
        "SRV" or "URI" => $"{DnsRecordDocument.Priority(record)} {record.Content}",
        "TXT" when !record.Content.StartsWith('"') =>
            $"\"{record.Content.Replace("\\", "\\\\", StringComparison.Ordinal).Replace("\"", "\\\"", StringComparison.Ordinal)}\"",
        _ => record.Content,
    };

    private static string Note(DnsRecord record) => record.Proxied ? " ; cf_tags=cf-proxied:true" : "";
}
