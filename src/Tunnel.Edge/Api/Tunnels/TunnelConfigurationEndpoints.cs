using System.Text.Json;
using System.Text.Json.Nodes;
using Tunnel.Edge.Api.Http;
using Tunnel.Edge.Api.Permissions;
using Tunnel.Edge.Store;

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
        CheckIngress(new ApiDocument(config, TunnelErrors.BadConfiguration));
        var configuration = request.Store.Tunnels.PutConfiguration(tunnel.Id, config.ToJsonString(), request.Now)
            ?? throw TunnelErrors.Missing();
        using var document = JsonDocument.Parse(configuration.Config!);
        await request.Connections.PushConfigurationAsync(
            tunnel.Id, configuration.Version, document.RootElement, request.Aborted).ConfigureAwait(false);
        await request.AnswerAsync(TunnelDocument.Configuration(configuration, tunnel.AccountId)).ConfigureAwait(false);
    }

    private static void CheckIngress(ApiDocument config)
    {
        if (config.Array("ingress") is not { Count: > 0 } ingress)
        {
            return;
        }

        for (var i = 0; i < ingress.Count; i++)
        {
            var rule = new ApiDocument(
                ingress[i] as JsonObject ?? throw config.Invalid($"Rule #{i + 1} must be an object"),
                TunnelErrors.BadConfiguration);
            if (string.IsNullOrWhiteSpace(rule.Text("service")))
            {
                throw config.Invalid($"Rule #{i + 1} has no service");
            }

            var matchesAll = rule.Text("hostname") is null or "" or "*" && rule.Text("path") is null or "";
            if (i == ingress.Count - 1 && !matchesAll)
            {
                throw config.Invalid(
                    "The last ingress rule must match all URLs (i.e. it should not have a hostname or path filter)");
            }
        }
    }
}
