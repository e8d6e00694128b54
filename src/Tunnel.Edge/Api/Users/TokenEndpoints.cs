using System.Text.Json.Nodes;
using Tunnel.Edge.Api.Http;
using Tunnel.Edge.Api.Permissions;

namespace Tunnel.Edge.Api.Users;

/// <summary><c>/user/tokens</c> and <c>/accounts/{account}/tokens</c>: what the caller's token is.</summary>
internal static class TokenEndpoints
{
    public static void Map(ApiRouter router)
    {
        router.Map("/user/tokens/verify", ApiPermissions.AnyToken, ("GET", VerifyAsync));
        router.Map("/accounts/{account}/tokens/verify", ApiPermissions.AnyToken, ("GET", VerifyAsync));
    }

    private static Task VerifyAsync(ApiRequest request)
    {
        var result = new JsonObject { ["id"] = request.Caller.Id, ["status"] = request.Caller.Status };
        if (request.Caller.NotBefore is { } from)
        {
            result["not_before"] = ApiTime.ToJson(from);
        }

        if (request.Caller.ExpiresOn is { } until)
        {
            result["expires_on"] = ApiTime.ToJson(until);
        }

        return request.AnswerAsync(result, messages: new JsonArray(new JsonObject
        {
            ["code"] = 10000, ["message"] = "This API Token is valid and active", ["type"] = null,
        }));
    }
}
