using System.Text.Json;
using Microsoft.AspNetCore.Http;

namespace Tunnel.Edge.Store;

/// <summary>
/// What an application says about how visitors are met, beside its policies. What cannot be read counts as the stricter
/// setting.
/// </summary>
public sealed record AccessApplicationSettings
{
    /// <summary>The ids of the identity providers that visitors may sign in with; empty: all of the account.</summary>
    public IReadOnlyList<string> AllowedIdentityProviders { get; private init; } = [];

    /// <summary>With one allowed identity provider: go there without a page to choose from.</summary>
    public bool AutoRedirectToIdentity { get; private init; }

    /// <summary>What a visitor who is refused reads; null for the edge's own words.</summary>
    public string? DenyMessage { get; private init; }

    /// <summary>Where a visitor who signed in and is refused is sent instead; null for the edge's own page.</summary>
    public Uri? DenyAddress { get; private init; }

    /// <summary>The same for visitors with no identity, such as machines.</summary>
    public Uri? NonIdentityDenyAddress { get; private init; }

    /// <summary>Whether scripts are kept from the application's cookie.</summary>
    public bool CookieIsHttpOnly { get; private init; } = true;

    /// <summary>Which requests of other sites carry the application's cookie.</summary>
    public SameSiteMode CookieSameSite { get; private init; } = SameSiteMode.Lax;

    /// <summary>Whether the application's cookie goes to its own path only.</summary>
    public bool CookieIsBoundToPath { get; private init; }

    /// <summary>
    /// Whether the application's token counts only together with a second cookie, which no origin ever sees. Programs that
    /// send no cookies cannot use such a token.
    /// </summary>
    public bool TokenIsBoundToBrowser { get; private init; }

    /// <summary>Whether CORS preflights, which never carry cookies, go to the origin unasked.</summary>
    public bool PassesPreflights { get; private init; }

    /// <summary>The header in which a machine may also show its service token, as a JSON object; null for none.</summary>
    public string? ServiceTokenHeader { get; private init; }

    /// <summary>Whether a program that a signed-in person started is given tokens without the person being asked.</summary>
    public bool SkipsInterstitial { get; private init; }

    /// <summary>Reads the settings from an application's JSON object.</summary>
    public static AccessApplicationSettings Read(string document)
    {
        using var json = JsonDocument.Parse(document);
        var root = json.RootElement;
        return new AccessApplicationSettings
        {
            AllowedIdentityProviders = root.TryGetProperty("allowed_idps", out var allowed) && allowed.ValueKind != JsonValueKind.Null
                ? Texts(allowed)
                : [],
            AutoRedirectToIdentity = IsTrue(root, "auto_redirect_to_identity"),
            DenyMessage = Text(root, "custom_deny_message"),
            DenyAddress = Address(Text(root, "custom_deny_url")),
            NonIdentityDenyAddress = Address(Text(root, "custom_non_identity_deny_url")),
            CookieIsHttpOnly = !root.TryGetProperty("http_only_cookie_attribute", out var httpOnly)
                || httpOnly.ValueKind != JsonValueKind.False,
            CookieSameSite = Text(root, "same_site_cookie_attribute")?.ToLowerInvariant() switch
            {
                "none" => SameSiteMode.None,
                "strict" => SameSiteMode.Strict,
                _ => SameSiteMode.Lax,
            },
            CookieIsBoundToPath = IsTrue(root, "path_cookie_attribute"),
            TokenIsBoundToBrowser = IsTrue(root, "enable_binding_cookie"),
            PassesPreflights = IsTrue(root, "options_preflight_bypass"),
            ServiceTokenHeader = Text(root, "read_service_tokens_from_header"),
            SkipsInterstitial = IsTrue(root, "skip_interstitial"),
        };
    }

    /// <summary>An address that a visitor may be sent to; null for every other text.</summary>
    public static Uri? Address(string? text) =>
        Uri.TryCreate(text, UriKind.Absolute, out var address) && (address.Scheme == Uri.UriSchemeHttps || address.Scheme == Uri.UriSchemeHttp)
            ? address
            : null;

    // What is not a list of texts names no provider, which must not read as "all of them".
    private static string[] Texts(JsonElement array) => array.ValueKind == JsonValueKind.Array
        ? [.. array.EnumerateArray().Select(v => v.ValueKind == JsonValueKind.String ? v.GetString()! : "")]
        : [""];

    private static bool IsTrue(JsonElement root, string name) =>
        root.TryGetProperty(name, out var value) && value.ValueKind == JsonValueKind.True;

    private static string? Text(JsonElement root, string name) =>
        root.TryGetProperty(name, out var value) && value.ValueKind == JsonValueKind.String && value.GetString() is { Length: > 0 } text
            ? text
            : null;
}
