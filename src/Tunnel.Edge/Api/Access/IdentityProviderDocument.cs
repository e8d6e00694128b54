using System.Globalization;
using System.Security.Cryptography;
using System.Text;
using System.Text.Json.Nodes;
using Tunnel.Edge.Api.Http;
using Tunnel.Edge.Store;

namespace Tunnel.Edge.Api.Access;

/// <summary>An identity provider as JSON, and the rules for its parts.</summary>
internal static class IdentityProviderDocument
{
    private const string Secret = "client_secret";

    private static readonly string[] s_owned = ["id", "uid", "name", "type", "config", "version", "read_only"];

    /// <summary>What each type cannot do without, besides the client id and secret that <c>OAuth</c> stands for.</summary>
    private static readonly Dictionary<string, (bool IsOAuth, string[] Required)> s_types = new(StringComparer.Ordinal)
    {
        [IdentityProviderRecord.OneTimePinType] = (false, []),
        ["cloudflare"] = (false, []),
        ["oidc"] = (true, ["auth_url", "token_url", "certs_url"]),
        ["github"] = (true, []),
        ["google"] = (true, []),
        ["google-apps"] = (true, ["apps_domain"]),
        ["facebook"] = (true, []),
        ["linkedin"] = (true, []),
        ["yandex"] = (true, []),
        ["okta"] = (true, ["okta_account"]),
        ["azureAD"] = (true, ["directory_id"]),
        ["onelogin"] = (true, ["onelogin_account"]),
        ["pingone"] = (true, ["ping_env_id"]),
        ["centrify"] = (true, ["centrify_account", "centrify_app_id"]),
        ["saml"] = (false, ["issuer_url", "sso_target_url"]),
    };

    private static readonly string[] s_addresses = ["auth_url", "token_url", "certs_url", "sso_target_url", "issuer", "userinfo_url"];

    private static readonly string[] s_lists = ["scopes", "claims", "attributes", "idp_public_certs"];

    private static readonly string[] s_switches =
        ["pkce_enabled", "support_groups", "conditional_access_enabled", "sign_request", "force_authn", "use_login_hint"];

    /// <summary>Where the secret is sent to: whoever changes this has to know the secret.</summary>
    private static readonly string[] s_secretGoesTo =
        ["client_id", "token_url", "okta_account", "onelogin_account", "directory_id", "ping_env_id", "centrify_account"];

    /// <summary>Reads a provider as POST and PUT send it. Without a secret, PUT keeps the one that is there.</summary>
    public static IdentityProviderRecord Read(ApiDocument body, IdentityProviderRecord present)
    {
        var type = body.RequiredText("type");
        if (!s_types.TryGetValue(type, out var rules))
        {
            throw body.Invalid($"type must be one of {string.Join(", ", s_types.Keys.Order(StringComparer.Ordinal))}");
        }

        if (body.Object("scim_config") is { } scim && new ApiDocument(scim, body.Invalid).Bool("enabled") == true)
        {
            throw body.Invalid("scim_config.enabled cannot be true: this edge serves no SCIM");
        }

        var config = new ApiDocument(
            body.Object("config") ?? throw body.Invalid("config is required"), message => body.Invalid("config." + message));
        Check(config, rules.Required);
        var kept = StoredDocument.Keep(config.Json, Secret, "redirect_url");
        return present with
        {
            Name = body.RequiredText("name"),
            Type = type,
            Config = kept,
            ClientSecret = rules.IsOAuth ? ReadSecret(config, type, kept, present) : null,
            Document = StoredDocument.Keep(body.Json, s_owned),
        };
    }

    public static JsonObject ToJson(IdentityProviderRecord provider, OrganizationRecord organization)
    {
        var config = StoredDocument.Parse(provider.Config);
        config["redirect_url"] = $"https://{organization.AuthDomain}/cdn-cgi/access/callback";
        return new JsonObject
        {
            ["id"] = provider.Id.ToString("D"),
            ["uid"] = provider.Id.ToString("D"),
            ["name"] = provider.Name,
            ["type"] = provider.Type,
            ["config"] = config,
            ["version"] = Version(provider),
        }.With(provider.Document);
    }

    private static void Check(ApiDocument config, string[] required)
    {
        foreach (var name in required)
        {
            config.RequiredText(name);
        }

        foreach (var name in s_addresses)
        {
            if (config.Text(name) is { } address && !IsAddress(address))
            {
                throw config.Invalid($"{name} must be an https address");
            }
        }

        foreach (var name in s_lists)
        {
            config.Texts(name);
        }

        foreach (var name in s_switches)
        {
            config.Bool(name);
        }
    }

    private static string ReadSecret(ApiDocument config, string type, string kept, IdentityProviderRecord present)
    {
        config.RequiredText("client_id");
        if (config.Text(Secret) is { Length: > 0 } secret)
        {
            return secret;
        }

        if (present.ClientSecret is null || present.Type != type)
        {
            throw config.Invalid($"{Secret} is required");
        }

        var (before, after) = (StoredDocument.Parse(present.Config), StoredDocument.Parse(kept));
        return s_secretGoesTo.All(name => JsonNode.DeepEquals(before[name], after[name]))
            ? present.ClientSecret
            : throw config.Invalid($"{Secret} is required where another client or address is to receive it");
    }

    /// <summary>A provider on this machine is asked without TLS: nobody stands in between.</summary>
    private static bool IsAddress(string text) =>
        Uri.TryCreate(text, UriKind.Absolute, out var address)
        && (address.Scheme == Uri.UriSchemeHttps || (address.Scheme == Uri.UriSchemeHttp && address.IsLoopback))
        && address.UserInfo.Length == 0;

    /// <summary>Another one after each change.</summary>
    private static string Version(IdentityProviderRecord provider) => Convert.ToHexStringLower(SHA256.HashData(Encoding.UTF8.GetBytes(
        string.Create(CultureInfo.InvariantCulture, $"{provider.Id} {provider.UpdatedAt.UtcTicks}"))))[..32];
}
