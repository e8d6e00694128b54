using System.Text;
using System.Text.Json;
using System.Text.Json.Nodes;
using Tunnel.Edge.Api.Http;
using Tunnel.Edge.Api.Permissions;
using Tunnel.Edge.Store;
using Tunnel.Protocol.Configuration;

namespace Tunnel.Edge.Api.Tunnels;

/// <summary>
/// <c>/accounts/{account}/cfd_tunnel/{tunnel}/configurations</c>: the ingress rules of a remotely managed tunnel, which
/// the edge sends to its connectors.
/// </summary>
internal static class TunnelConfigurationEndpoints
{
    public static void Map(ApiRouter router) => router.Map(
        "/accounts/{account}/cfd_tunnel/{tunnel}/configurations", ApiPermissions.Tunnels, ("GET", GetAsync), ("PUT", PutAsync));

    private static Task GetAsync(ApiRequest request)
    {
        var tunnel = TunnelEndpoints.Find(request);
        var configuration = request.Store.Tunnels.GetConfiguration(tunnel.Id) ?? throw TunnelErrors.Missing();
        if (configuration is { Version: 0, Source: TunnelConfigurationSource.Local })
        {
            configuration = configuration with { Config = request.Connections.LocalConfiguration(tunnel.Id) };
        }

        return request.AnswerAsync(TunnelDocument.Configuration(configuration, tunnel.AccountId));
    }

    private static async Task PutAsync(ApiRequest request)
    {
        var body = new ApiDocument(await request.ReadObjectAsync().ConfigureAwait(false), TunnelErrors.BadConfiguration);
        var tunnel = TunnelEndpoints.FindPresent(request);
        var config = body.Object("config") ?? throw body.Invalid("config is required");
        Check(config);
        var configuration = request.Store.Tunnels.PutConfiguration(tunnel.Id, config.ToJsonString(), request.Now)
            ?? throw TunnelErrors.Missing();
        using var document = JsonDocument.Parse(configuration.Config!);
        await request.Connections.PushConfigurationAsync(
            tunnel.Id, configuration.Version, document.RootElement, request.Aborted).ConfigureAwait(false);
        await request.AnswerAsync(TunnelDocument.Configuration(configuration, tunnel.AccountId)).ConfigureAwait(false);
    }

    /// <summary>A connector refuses what cannot work, and goes on with what it had: so it is refused here.</summary>
    private static void Check(JsonObject config)
    {
        try
        {
            _ = TunnelConfiguration.ParseJson(Encoding.UTF8.GetBytes(config.ToJsonString()));
        }
        catch (ConfigurationException e)
        {
            throw TunnelErrors.BadConfiguration(e.Message);
        }
    }
}
