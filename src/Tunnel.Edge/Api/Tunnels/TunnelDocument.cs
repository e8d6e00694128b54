using System.Text.Json.Nodes;
using Tunnel.Edge.Api.Http;
using Tunnel.Edge.Store;
using Tunnel.Edge.Tunnels;
using Tunnel.Protocol.Credentials;

namespace Tunnel.Edge.Api.Tunnels;

/// <summary>A tunnel and its connections as JSON.</summary>
internal static class TunnelDocument
{
    /// <summary>What the API calls tunnels that cloudflared runs.</summary>
    public const string Type = "cfd_tunnel";

    private const int HealthyConnections = 4;

    public static JsonObject ToJson(TunnelRecord tunnel, IReadOnlyList<TunnelConnectionState> connections) => new()
    {
        ["id"] = tunnel.Id.ToString("D"),
        ["account_tag"] = tunnel.AccountId,
        ["created_at"] = ApiTime.ToJson(tunnel.CreatedAt),
        ["deleted_at"] = ApiTime.ToJson(tunnel.DeletedAt),
        ["name"] = tunnel.Name,
        ["connections"] = new JsonArray([.. connections.OrderBy(c => c.ConnIndex).Select(Connection)]),
        ["conns_active_at"] = ApiTime.ToJson(tunnel.ConnectionsActiveAt),
        ["conns_inactive_at"] = ApiTime.ToJson(tunnel.ConnectionsInactiveAt),
        ["tun_type"] = Type,
        ["metadata"] = new JsonObject(),
        ["status"] = Status(tunnel, connections),
        ["remote_config"] = tunnel.ConfigurationSource == TunnelConfigurationSource.Cloudflare,
        ["config_src"] = SourceName(tunnel.ConfigurationSource),
    };

    /// <summary>The same with what only the creator is told: the credentials, as a file and as a token.</summary>
    public static JsonObject ToJsonWithCredentials(TunnelRecord tunnel)
    {
        var json = ToJson(tunnel, []);
        json["credentials_file"] = new JsonObject
        {
            ["AccountTag"] = tunnel.AccountId,
            ["TunnelID"] = tunnel.Id.ToString("D"),
            ["TunnelName"] = tunnel.Name,
            ["TunnelSecret"] = Convert.ToBase64String(tunnel.Secret),
        };
        json["token"] = Token(tunnel);
        return json;
    }

    public static string Token(TunnelRecord tunnel) =>
        TunnelToken.Format(new TunnelCredentials(tunnel.AccountId, tunnel.Secret, tunnel.Id));

    /// <summary>
    /// As Cloudflare documents it: inactive has never run, down has no connection, degraded has some, healthy has four.
    /// </summary>
    public static string Status(TunnelRecord tunnel, IReadOnlyList<TunnelConnectionState> connections) =>
        connections.Count switch
        {
            >= HealthyConnections => "healthy",
            > 0 => "degraded",
            _ => tunnel.ConnectionsActiveAt is null ? "inactive" : "down",
        };

    /// <summary>A tunnel's connections by connector.</summary>
    public static JsonArray Clients(IReadOnlyList<TunnelConnectionState> connections, int configurationVersion) => new(
    [
        .. connections.GroupBy(c => c.ClientId)
            .Select(client => Client(client.Key, [.. client], configurationVersion)),
    ]);

    /// <summary>One connector.</summary>
    public static JsonObject Client(Guid id, IReadOnlyList<TunnelConnectionState> connections, int configurationVersion)
    {
        var first = connections.MinBy(c => c.OpenedAt)!;
        return new JsonObject
        {
            ["id"] = id.ToString("D"),
            ["version"] = first.Version,
            ["arch"] = first.Arch,
            ["features"] = new JsonArray([.. first.Features.Select(f => JsonValue.Create(f))]),
            ["config_version"] = configurationVersion,
            ["run_at"] = ApiTime.ToJson(first.OpenedAt),
            ["conns"] = new JsonArray([.. connections.OrderBy(c => c.ConnIndex).Select(Connection)]),
        };
    }

    public static JsonObject Configuration(TunnelConfigurationRecord configuration, string accountId) => new()
    {
        ["tunnel_id"] = configuration.TunnelId.ToString("D"),
        ["account_id"] = accountId,
        ["version"] = configuration.Version,
        ["config"] = configuration.Config is null ? null : JsonNode.Parse(configuration.Config),
        ["source"] = SourceName(configuration.Source),
        ["created_at"] = ApiTime.ToJson(configuration.CreatedAt),
    };

    private static string SourceName(TunnelConfigurationSource source) =>
        source == TunnelConfigurationSource.Cloudflare ? "cloudflare" : "local";

    private static JsonObject Connection(TunnelConnectionState connection) => new()
    {
        ["id"] = connection.Id.ToString("D"),
        ["uuid"] = connection.Id.ToString("D"),
        ["colo_name"] = connection.ColoName,
        ["is_pending_reconnect"] = connection.IsPendingReconnect,
        ["origin_ip"] = connection.OriginIp.ToString(),
        ["opened_at"] = ApiTime.ToJson(connection.OpenedAt),
        ["client_id"] = connection.ClientId.ToString("D"),
        ["client_version"] = connection.Version,
    };
}
