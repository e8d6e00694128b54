using Tunnel.Edge.Api.Http;
using Tunnel.Edge.Store;

namespace Tunnel.Edge.Api.Access;

/// <summary>The forms of an application's settings, so that what is answered back is what the API's types say.</summary>
internal static class ApplicationFields
{
    private static readonly string[] Switches =
    [
        "allow_authenticate_via_warp", "allow_iframe", "app_launcher_visible", "auto_redirect_to_identity",
        "eager_redirect_cookie_setting", "enable_binding_cookie", "http_only_cookie_attribute", "options_preflight_bypass",
        "path_cookie_attribute", "service_auth_401_redirect", "skip_interstitial",
        "use_clientless_isolation_app_launcher_url",
    ];

    private static readonly string[] Texts =
        ["custom_deny_message", "logo_url", "name", "read_service_tokens_from_header", "same_site_cookie_attribute"];

    private static readonly string[] Addresses = ["custom_deny_url", "custom_non_identity_deny_url"];
    private static readonly string[] Lists = ["allowed_idps", "custom_pages", "self_hosted_domains", "tags"];
    private static readonly string[] Objects = ["cors_headers", "mfa_config", "oauth_configuration"];

    public static void Check(ApiDocument body)
    {
        Array.ForEach(Switches, name => body.Bool(name));
        Array.ForEach(Texts, name => body.Text(name));
        Array.ForEach(Lists, name => body.Texts(name));
        Array.ForEach(Objects, name => body.Object(name));
        if (body.Text("same_site_cookie_attribute") is { Length: > 0 } sameSite
            && sameSite.ToLowerInvariant() is not ("none" or "lax" or "strict"))
        {
            throw body.Invalid("same_site_cookie_attribute must be none, lax or strict");
        }

        foreach (var name in Addresses)
        {
            if (body.Text(name) is { Length: > 0 } address && AccessApplicationSettings.Address(address) is null)
            {
                throw body.Invalid($"{name} must be an address that begins with https:// or http://");
            }
        }

        if (body.Text("read_service_tokens_from_header") is { Length: > 0 } header && !IsHeaderName(header))
        {
            throw body.Invalid("read_service_tokens_from_header must be the name of a header that carries nothing else");
        }

        if (body.Bool("options_preflight_bypass") == true && body.Object("cors_headers") is { Count: > 0 })
        {
            throw body.Invalid("options_preflight_bypass cannot be true together with cors_headers");
        }

        // Its passwords and tokens would lie here unused.
        if (body.Object("scim_config") is { Count: > 0 })
        {
            throw body.Invalid("scim_config is not served by this edge: it provisions nobody");
        }
    }

    // RFC 9110, section 5.6.2. Cookies and the host are read for other things.
    private static bool IsHeaderName(string name) =>
        name.Length <= 128 && name.All(c => char.IsAsciiLetterOrDigit(c) || "!#$%&'*+-.^_`|~".Contains(c, StringComparison.Ordinal))
        && name.ToLowerInvariant() is not ("cookie" or "host" or "connection" or "upgrade" or "content-length" or "transfer-encoding");
}
