using System.Text.Json;

namespace Tunnel.Core.Api;

/// <summary><c>accounts/{account}/cfd_tunnel</c>: tunnels, their tokens, connections and hostname routes.</summary>
public sealed class TunnelsApi
{
    private readonly ApiTransport _transport;

    internal TunnelsApi(ApiTransport transport) => _transport = transport;

    /// <summary>The tunnels; without a filter, those that are not deleted.</summary>
    public IAsyncEnumerable<TunnelInfo> ListAsync(
        string accountId, TunnelFilter? filter = null, CancellationToken cancellationToken = default)
    {
        filter ??= new TunnelFilter();
        var query = new ApiQuery()
            .Add("name", filter.Name)
            .Add("is_deleted", filter.IsDeleted switch { true => "true", false => "false", null => null })
            .Add("status", filter.Status)
            .Add("uuid", filter.TunnelId?.ToString("D"))
            .Add("include_prefix", filter.IncludePrefix)
            .Add("exclude_prefix", filter.ExcludePrefix);
        return _transport.ListAsync(Path(accountId), query, ApiJson.Default.TunnelInfo, cancellationToken);
    }

    public Task<TunnelInfo> GetAsync(string accountId, Guid tunnelId, CancellationToken cancellationToken = default) =>
        _transport.SendAsync(HttpMethod.Get, Path(accountId, tunnelId), ApiJson.Default.TunnelInfo, cancellationToken);

    /// <summary>Creates a tunnel.</summary>
    /// <param name="accountId">The account.</param>
    /// <param name="name">Unique among the living tunnels of the account.</param>
    /// <param name="tunnelSecret">32 random bytes, chosen here.</param>
    /// <param name="configurationSource"><c>local</c>: the connector's file has the configuration; <c>cloudflare</c>: the API.</param>
    /// <param name="cancellationToken">Stops the call.</param>
    public Task<TunnelInfo> CreateAsync(
        string accountId,
        string name,
        byte[] tunnelSecret,
        string configurationSource = "local",
        CancellationToken cancellationToken = default) =>
        _transport.SendAsync(
            HttpMethod.Post,
            Path(accountId),
            ApiJson.Default.TunnelInfo,
            cancellationToken,
            ApiTransport.Body(new NewTunnel(name, tunnelSecret, configurationSource), ApiJson.Default.NewTunnel));

    /// <summary>Renames a tunnel.</summary>
    public Task<TunnelInfo> UpdateAsync(
        string accountId, Guid tunnelId, string name, CancellationToken cancellationToken = default) =>
        _transport.SendAsync(
            HttpMethod.Patch,
            Path(accountId, tunnelId),
            ApiJson.Default.TunnelInfo,
            cancellationToken,
            ApiTransport.Body(new TunnelChange(name, null), ApiJson.Default.TunnelChange));

    /// <summary>Gives a tunnel another secret: the tokens and credentials of before are refused from now on.</summary>
    /// <param name="accountId">The account.</param>
    /// <param name="tunnelId">The tunnel.</param>
    /// <param name="tunnelSecret">32 random bytes, chosen here.</param>
    /// <param name="cancellationToken">Stops the call.</param>
    public Task<TunnelInfo> UpdateSecretAsync(
        string accountId, Guid tunnelId, byte[] tunnelSecret, CancellationToken cancellationToken = default) =>
        _transport.SendAsync(
            HttpMethod.Patch,
            Path(accountId, tunnelId),
            ApiJson.Default.TunnelInfo,
            cancellationToken,
            ApiTransport.Body(new TunnelChange(null, tunnelSecret), ApiJson.Default.TunnelChange));

    /// <summary>Deletes a tunnel; with <paramref name="cascade"/> also its connections and routes.</summary>
    public Task DeleteAsync(
        string accountId, Guid tunnelId, bool cascade = false, CancellationToken cancellationToken = default) =>
        _transport.SendAsync(
            HttpMethod.Delete, Path(accountId, tunnelId) + (cascade ? "?cascade=true" : ""), cancellationToken);

    /// <summary>The tunnel token: a secret, for <c>TunnelToken.Parse</c>.</summary>
    public Task<string> GetTokenAsync(string accountId, Guid tunnelId, CancellationToken cancellationToken = default) =>
        _transport.SendAsync(
            HttpMethod.Get, Path(accountId, tunnelId) + "/token", ApiJson.Default.String, cancellationToken);

    /// <summary>The connectors that run the tunnel now.</summary>
    public IAsyncEnumerable<TunnelClientInfo> ListConnectionsAsync(
        string accountId, Guid tunnelId, CancellationToken cancellationToken = default) =>
        _transport.ListAsync(
            Path(accountId, tunnelId) + "/connections",
            new ApiQuery(),
            ApiJson.Default.TunnelClientInfo,
            cancellationToken);

    /// <summary>One connector that runs the tunnel now.</summary>
    public Task<TunnelClientInfo> GetConnectorAsync(
        string accountId, Guid tunnelId, Guid connectorId, CancellationToken cancellationToken = default) =>
        _transport.SendAsync(
            HttpMethod.Get,
            $"{Path(accountId, tunnelId)}/connectors/{connectorId:D}",
            ApiJson.Default.TunnelClientInfo,
            cancellationToken);

    /// <summary>Ends the connections of one connector, or of all.</summary>
    public Task CleanUpConnectionsAsync(
        string accountId, Guid tunnelId, Guid? clientId = null, CancellationToken cancellationToken = default) =>
        _transport.SendAsync(
            HttpMethod.Delete,
            Path(accountId, tunnelId) + "/connections" + (clientId is { } id ? $"?client_id={id:D}" : ""),
            cancellationToken);

    /// <summary>The configuration that the API keeps, if the tunnel is managed there.</summary>
    public Task<RemoteTunnelConfiguration> GetConfigurationAsync(
        string accountId, Guid tunnelId, CancellationToken cancellationToken = default) =>
        _transport.SendAsync(
            HttpMethod.Get,
            Path(accountId, tunnelId) + "/configurations",
            ApiJson.Default.RemoteTunnelConfiguration,
            cancellationToken);

    /// <summary>Gives the tunnel a configuration that the API keeps and sends to its connectors from now on.</summary>
    public Task<RemoteTunnelConfiguration> UpdateConfigurationAsync(
        string accountId, Guid tunnelId, JsonElement config, CancellationToken cancellationToken = default) =>
        _transport.SendAsync(
            HttpMethod.Put,
            Path(accountId, tunnelId) + "/configurations",
            ApiJson.Default.RemoteTunnelConfiguration,
            cancellationToken,
            ApiTransport.Body(new TunnelConfigurationChange(config), ApiJson.Default.TunnelConfigurationChange));

    /// <summary>Routes a hostname of the zone to the tunnel, by a proxied CNAME to <c>id.cfargotunnel.com</c>.</summary>
    /// <param name="zoneId">The zone of the hostname.</param>
    /// <param name="tunnelId">The tunnel.</param>
    /// <param name="hostname">The whole name.</param>
    /// <param name="overwriteExisting">Whether a record that the hostname has is replaced; otherwise it is an error.</param>
    /// <param name="cancellationToken">Stops the call.</param>
    public Task<DnsRouteResult> RouteDnsAsync(
        string zoneId,
        Guid tunnelId,
        string hostname,
        bool overwriteExisting = false,
        CancellationToken cancellationToken = default) =>
        _transport.SendAsync(
            HttpMethod.Put,
            $"zones/{ApiQuery.Segment(zoneId, nameof(zoneId))}/tunnels/{tunnelId:D}/routes",
            ApiJson.Default.DnsRouteResult,
            cancellationToken,
            ApiTransport.Body(new NewDnsRoute("dns", hostname, overwriteExisting), ApiJson.Default.NewDnsRoute));

    private static string Path(string accountId) =>
        $"accounts/{ApiQuery.Segment(accountId, nameof(accountId))}/cfd_tunnel";

    private static string Path(string accountId, Guid tunnelId) => $"{Path(accountId)}/{tunnelId:D}";
}
