namespace Tunnel.Core.Api;

/// <summary><c>zones/{zone}/dns_records</c>: the records of a zone.</summary>
public sealed class DnsRecordsApi
{
    private readonly ApiTransport _transport;

    internal DnsRecordsApi(ApiTransport transport) => _transport = transport;

    public IAsyncEnumerable<DnsRecord> ListAsync(
        string zoneId, DnsRecordFilter? filter = null, CancellationToken cancellationToken = default) =>
        _transport.ListAsync(
            Path(zoneId),
            new ApiQuery().Add("name", filter?.Name).Add("type", filter?.Type).Add("content", filter?.Content)
                .Add("content.endswith", filter?.ContentEnd),
            ApiJson.Default.DnsRecord,
            cancellationToken);

    public Task<DnsRecord> GetAsync(string zoneId, string recordId, CancellationToken cancellationToken = default) =>
        _transport.SendAsync(HttpMethod.Get, Path(zoneId, recordId), ApiJson.Default.DnsRecord, cancellationToken);

    public Task<DnsRecord> CreateAsync(string zoneId, DnsRecord record, CancellationToken cancellationToken = default) =>
        _transport.SendAsync(
            HttpMethod.Post, Path(zoneId), ApiJson.Default.DnsRecord, cancellationToken, Body(record));

    /// <summary>Replaces the record that has <see cref="DnsRecord.Id"/>.</summary>
    public Task<DnsRecord> UpdateAsync(string zoneId, DnsRecord record, CancellationToken cancellationToken = default)
    {
        ArgumentNullException.ThrowIfNull(record);
        return _transport.SendAsync(
            HttpMethod.Put, Path(zoneId, record.Id), ApiJson.Default.DnsRecord, cancellationToken, Body(record));
    }

    public Task DeleteAsync(string zoneId, string recordId, CancellationToken cancellationToken = default) =>
        _transport.SendAsync(HttpMethod.Delete, Path(zoneId, recordId), cancellationToken);

    private static byte[] Body(DnsRecord record) =>
        ApiTransport.Body(record, ApiJson.Default.DnsRecord, "id", "created_on", "modified_on");

    private static string Path(string zoneId) => $"zones/{ApiQuery.Segment(zoneId, nameof(zoneId))}/dns_records";

    private static string Path(string zoneId, string recordId) =>
        $"{Path(zoneId)}/{ApiQuery.Segment(recordId, nameof(recordId))}";
}
