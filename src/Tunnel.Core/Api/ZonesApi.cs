namespace Tunnel.Core.Api;

/// <summary><c>zones</c>: the domains of an account.</summary>
public sealed class ZonesApi
{
    private readonly ApiTransport _transport;

    internal ZonesApi(ApiTransport transport) => _transport = transport;

    public IAsyncEnumerable<Zone> ListAsync(ZoneFilter? filter = null, CancellationToken cancellationToken = default) =>
        _transport.ListAsync(
            "zones",
            new ApiQuery().Add("account.id", filter?.AccountId).Add("name", filter?.Name).Add("status", filter?.Status),
            ApiJson.Default.Zone,
            cancellationToken);

    public Task<Zone> GetAsync(string zoneId, CancellationToken cancellationToken = default) =>
        _transport.SendAsync(HttpMethod.Get, Path(zoneId), ApiJson.Default.Zone, cancellationToken);

    /// <summary>Adds a domain to the account.</summary>
    /// <param name="accountId">The account.</param>
    /// <param name="name">The domain, such as <c>example.com</c>.</param>
    /// <param name="type"><c>full</c> (DNS moves to Cloudflare) or <c>partial</c>.</param>
    /// <param name="cancellationToken">Stops the call.</param>
    public Task<Zone> CreateAsync(
        string accountId, string name, string type = "full", CancellationToken cancellationToken = default) =>
        _transport.SendAsync(
            HttpMethod.Post,
            "zones",
            ApiJson.Default.Zone,
            cancellationToken,
            ApiTransport.Body(new NewZone(name, new AccountReference { Id = accountId }, type), ApiJson.Default.NewZone));

    public Task DeleteAsync(string zoneId, CancellationToken cancellationToken = default) =>
        _transport.SendAsync(HttpMethod.Delete, Path(zoneId), cancellationToken);

    /// <summary>
    /// Asks for a look at a pending zone's name servers; the zone becomes active some time after. Cloudflare takes that
    /// once an hour at most.
    /// </summary>
    public Task CheckActivationAsync(string zoneId, CancellationToken cancellationToken = default) =>
        _transport.SendAsync(HttpMethod.Put, Path(zoneId) + "/activation_check", cancellationToken);

    private static string Path(string zoneId) => $"zones/{ApiQuery.Segment(zoneId, nameof(zoneId))}";
}
