using System.Text.Json.Nodes;
using Tunnel.Edge.Store;

namespace Tunnel.Edge.Identity;

/// <summary>What a session tells of its person, in the form of <c>get-identity</c> and of the API's identities.</summary>
internal static class IdentityDocument
{
    public static JsonObject Of(AccessSessionRecord session, string accountId)
    {
        var identity = new JsonObject
        {
            ["id"] = session.UserId.ToString("D"),
            ["account_id"] = accountId,
            ["email"] = session.Email,
            ["user_uuid"] = session.UserId.ToString("D"),
            ["idp"] = new JsonObject { ["id"] = session.ProviderId, ["type"] = session.ProviderType },
            ["ip"] = session.Address,
            ["geo"] = new JsonObject { ["country"] = "" },
            ["iat"] = session.IssuedAt.ToUnixTimeSeconds(),
            ["auth_status"] = "NONE",
            ["common_name"] = "",
            ["service_token_id"] = "",
            ["service_token_status"] = false,
            ["is_warp"] = false,
            ["is_gateway"] = false,
            ["device_id"] = "",
            ["device_sessions"] = new JsonObject(),
            ["devicePosture"] = new JsonObject(),
            ["mtls_auth"] = new JsonObject
            {
                ["auth_status"] = "NONE", ["cert_issuer_dn"] = "", ["cert_issuer_ski"] = "", ["cert_presented"] = false,
                ["cert_serial"] = "",
            },
            ["version"] = 2,
        };
        foreach (var (name, value) in (JsonObject)JsonNode.Parse(session.Claims)!)
        {
            identity.TryAdd(name, value?.DeepClone());
        }

        return identity;
    }
}
