using Tunnel.Edge.Api.Http;
using Tunnel.Edge.Api.Permissions;

namespace Tunnel.Edge.Api.Tunnels;

/// <summary>
/// <c>/accounts/{account}/cfd_tunnel/{tunnel}/management</c>: tokens for a tunnel's management. The official clients name
/// the resources in the body, cloudflared one of them in the path (cloudflared <c>cfapi/tunnel.go</c>).
/// </summary>
internal sealed class TunnelManagementEndpoints
{
    private static readonly string[] Resources = ["logs", "admin", "host_details"];

    private readonly TunnelManagementTokens _tokens = new();

    public static void Map(ApiRouter router)
    {
        const string Path = "/accounts/{account}/cfd_tunnel/{tunnel}/management";
        var endpoints = new TunnelManagementEndpoints();
        router.Map(Path, ApiPermissions.Tunnels, ("POST", endpoints.CreateAsync));
        foreach (var resource in Resources)
        {
            router.Map($"{Path}/{resource}", ApiPermissions.Tunnels, ("POST", endpoints.AnswerAsync));
        }
    }

    private async Task CreateAsync(ApiRequest request)
    {
        var body = new ApiDocument(await request.ReadObjectAsync().ConfigureAwait(false), TunnelErrors.Invalid);
        if (body.Texts("resources") is not { Count: > 0 } resources || resources.Except(Resources).Any())
        {
            throw TunnelErrors.Invalid($"resources must be some of {string.Join(", ", Resources)}");
        }

        await AnswerAsync(request).ConfigureAwait(false);
    }

    private Task AnswerAsync(ApiRequest request) =>
        request.AnswerAsync(_tokens.Issue(TunnelEndpoints.FindPresent(request), request.Caller.Token, request.Now));
}
