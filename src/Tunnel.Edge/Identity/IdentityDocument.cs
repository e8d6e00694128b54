using System.Text.Json.Nodes;
using Tunnel.Access;
using Tunnel.Edge.Store;

namespace Tunnel.Edge.Identity;

/// <summary>What a session tells of its person, in the form of <c>get-identity</c> and of the API's identities.</summary>
internal static class IdentityDocument
{
    /// <param name="country">Of the session's address; null where it is not known.</param>
    public static JsonObject Of(AccessSessionRecord session, string accountId, string? country)
    {
        var identity = Base(accountId, session.Address, country);
        identity["id"] = session.UserId.ToString("D");
        identity["user_uuid"] = session.UserId.ToString("D");
        identity["iat"] = session.IssuedAt.ToUnixTimeSeconds();
        return WithPerson(identity, session.Email, session.ProviderId, session.ProviderType, session.Claims);
    }

    /// <summary>Of a person who has just proven an address, and has no session yet.</summary>
    public static JsonObject Of(AccessSignIn signIn, string accountId, string? country) => WithPerson(
        Base(accountId, signIn.Address, country), signIn.Email, signIn.ProviderId, signIn.ProviderType, signIn.Claims);

    /// <summary>Of a visitor who is no person, or nobody in particular.</summary>
    public static JsonObject Of(VerifiedIdentity? machine, VisitorCertificate? certificate, string accountId, string address, string? country)
    {
        var identity = Base(accountId, address, country);
        if (machine?.ServiceToken is { } token)
        {
            identity["common_name"] = token.ClientId;
            identity["service_token_id"] = token.Id.ToString("D");
            identity["service_token_status"] = true;
        }
        else if (certificate is { IsPresent: true })
        {
            identity["common_name"] = certificate.CommonName ?? "";
        }

        if (certificate is { IsPresent: true })
        {
            identity["auth_status"] = "SUCCESS";
            identity["mtls_auth"]!["auth_status"] = "SUCCESS";
            identity["mtls_auth"]!["cert_presented"] = true;
        }

        return identity;
    }

    private static JsonObject WithPerson(JsonObject identity, string email, string providerId, string providerType, string claims)
    {
        identity["email"] = email;
        identity["idp"] = new JsonObject { ["id"] = providerId, ["type"] = providerType };
        foreach (var (name, value) in (JsonObject)JsonNode.Parse(claims)!)
        {
            identity.TryAdd(name, value?.DeepClone());
        }

        return identity;
    }

    private static JsonObject Base(string accountId, string address, string? country) => new()
    {
        ["account_id"] = accountId,
        ["ip"] = address,
        ["geo"] = new JsonObject { ["country"] = country ?? "" },
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
}
