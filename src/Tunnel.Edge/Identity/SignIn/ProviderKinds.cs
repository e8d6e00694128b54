using System.Text.Json;
using Tunnel.Edge.Store;

namespace Tunnel.Edge.Identity.SignIn;

/// <summary>
/// The kinds of providers that people can be sent to: all are OpenID Connect with addresses of their own, but for GitHub,
/// which is OAuth 2.0 and an API. The addresses are those that the providers' discovery documents name.
/// </summary>
/// <param name="hosts">Other addresses for hosts of providers: see <see cref="EdgeOptions.IdentityProviderHosts"/>.</param>
internal sealed class ProviderKinds(IReadOnlyDictionary<string, Uri> hosts)
{
    /// <summary>Whether people can sign in by providers of that type at this edge.</summary>
    public static bool IsServed(string type) => type == IdentityProviderRecord.OneTimePinType || IsElsewhere(type);

    /// <summary>Whether people are sent to the provider.</summary>
    public static bool IsElsewhere(string type) =>
        type is LoginMethods.Oidc or "github" or "google" or "google-apps" or "okta" or "azureAD" or "onelogin" or "pingone";

    /// <summary>Null where it is of another type, or its settings cannot be read.</summary>
    public OidcProvider? Read(IdentityProviderRecord record)
    {
        using var json = JsonDocument.Parse(record.Config);
        var config = new ProviderConfig(json.RootElement);
        return config.Text("client_id") is { } client && Read(record, config, client) is { } provider ? provider with
        {
            AuthorizationAddress = Move(provider.AuthorizationAddress),
            TokenAddress = Move(provider.TokenAddress),
            KeysAddress = provider.KeysAddress is { } keys ? Move(keys) : null,
            ApiAddress = provider.ApiAddress is { } api ? Move(api) : null,
            UserInfoAddress = provider.UserInfoAddress is { } userInfo ? Move(userInfo) : null,
            GraphAddress = provider.GraphAddress is { } graph ? Move(graph) : null,
            // As it is written: the tokens' is compared with it letter by letter.
            Issuer = provider.Issuer is { } issuer && hosts.ContainsKey(new Uri(issuer).Host) ? Move(new Uri(issuer)).AbsoluteUri : provider.Issuer,
            EmailClaim = config.Text("email_claim_name") ?? "email",
            Claims = config.Texts("claims"),
        }
        : null;
    }

    private static OidcProvider? Read(IdentityProviderRecord record, ProviderConfig config, string client) => record.Type switch
    {
        LoginMethods.Oidc => config.Address("auth_url") is { } authorization && config.Address("token_url") is { } token
            && config.Address("certs_url") is { } keys && (config.Address("issuer") is not null || !config.Has("issuer"))
                ? Create(record, client, authorization, token, keys, config.Text("issuer")) with
                {
                    Scope = ScopeOf(config.Texts("scopes")), UserInfoAddress = config.Address("userinfo_url"),
                }
                : null,
        "github" => new OidcProvider
        {
            Record = record,
            ClientId = client,
            AuthorizationAddress = new Uri("https://github.com/login/oauth/authorize"),
            TokenAddress = new Uri("https://github.com/login/oauth/access_token"),
            ApiAddress = new Uri("https://api.github.com/"),
            Scope = "read:user user:email read:org",
        },
        "google" => Google(record, config, client),
        "google-apps" => config.Text("apps_domain") is { } domain ? Google(record, config, client) with
        {
            Domain = domain, Parameters = new Dictionary<string, string?>(Prompt(config)) { ["hd"] = domain },
        }
        : null,
        "okta" => config.Account("okta_account") is { } okta ? Okta(record, client, okta, config) : null,
        "azureAD" => config.Segment("directory_id") is { } directory
            ? Create(record, client,
                new Uri($"https://login.microsoftonline.com/{directory}/oauth2/v2.0/authorize"),
                new Uri($"https://login.microsoftonline.com/{directory}/oauth2/v2.0/token"),
                new Uri($"https://login.microsoftonline.com/{directory}/discovery/v2.0/keys"),
                $"https://login.microsoftonline.com/{directory}/v2.0") with
            {
                Parameters = Prompt(config),
                // Everybody may allow that it is asked for their own groups.
                GraphAddress = config.IsOn("support_groups") ? new Uri("https://graph.microsoft.com/") : null,
                Scope = "openid email profile" + (config.IsOn("support_groups") ? " User.Read" : ""),
            }
            : null,
        "onelogin" => config.Account("onelogin_account") is { } onelogin
            ? Create(record, client, new Uri(onelogin, "oidc/2/auth"), new Uri(onelogin, "oidc/2/token"), new Uri(onelogin, "oidc/2/certs"),
                new Uri(onelogin, "oidc/2").AbsoluteUri) with { Scope = "openid email profile groups" }
            : null,
        "pingone" => config.Segment("ping_env_id") is { } environment
            ? Create(record, client,
                new Uri($"https://auth.pingone.com/{environment}/as/authorize"), new Uri($"https://auth.pingone.com/{environment}/as/token"),
                new Uri($"https://auth.pingone.com/{environment}/as/jwks"), $"https://auth.pingone.com/{environment}/as")
            : null,
        _ => null,
    };

    private static OidcProvider Google(IdentityProviderRecord record, ProviderConfig config, string client) => Create(record, client,
        new Uri("https://accounts.google.com/o/oauth2/v2/auth"), new Uri("https://oauth2.googleapis.com/token"),
        new Uri("https://www.googleapis.com/oauth2/v3/certs"), "https://accounts.google.com") with { Parameters = Prompt(config) };

    /// <summary>The organisation's own authorization server, or one of the account's.</summary>
    private static OidcProvider? Okta(IdentityProviderRecord record, string client, Uri account, ProviderConfig config)
    {
        if (config.Text("authorization_server_id") is not null && config.Segment("authorization_server_id") is null)
        {
            return null;
        }

        var root = new Uri(account, config.Segment("authorization_server_id") is { } id ? $"oauth2/{id}/" : "oauth2/");
        var issuer = config.Segment("authorization_server_id") is null ? account : root;
        return Create(record, client, new Uri(root, "v1/authorize"), new Uri(root, "v1/token"), new Uri(root, "v1/keys"),
            issuer.AbsoluteUri.TrimEnd('/')) with { Scope = "openid email profile groups" };
    }

    private static OidcProvider Create(
        IdentityProviderRecord record, string client, Uri authorization, Uri token, Uri keys, string? issuer) => new()
    {
        Record = record, ClientId = client, AuthorizationAddress = authorization, TokenAddress = token, KeysAddress = keys, Issuer = issuer,
    };

    private static string ScopeOf(IReadOnlyList<string> scopes) => scopes.Count > 0 ? string.Join(' ', scopes) : "openid email profile";

    private static Dictionary<string, string?> Prompt(ProviderConfig config) =>
        config.Text("prompt") is { } prompt ? new() { ["prompt"] = prompt } : [];

    private Uri Move(Uri address) => hosts.TryGetValue(address.Host, out var other)
        ? new Uri($"{other.AbsoluteUri.TrimEnd('/')}{address.PathAndQuery}") : address;
}
