using System.Text.Json.Nodes;
using Tunnel.Edge.Api.Http;
using Tunnel.Edge.Store;

namespace Tunnel.Edge.Api.Access;

/// <summary>The organisation as JSON, and the rules for its parts.</summary>
internal static class OrganizationDocument
{
    private static readonly string[] s_owned = ["name", "auth_domain", "session_duration", "created_at", "updated_at"];

    private static readonly string[] s_switches =
    [
        "allow_authenticate_via_warp", "auto_redirect_to_identity", "deny_unmatched_requests", "is_ui_read_only",
        "mfa_required_for_all_apps", "strict_service_token_auth", "warp_auth_non_browser_401",
    ];

    // What would keep somebody out, and is not enforced here: not to be taken as if it were.
    private static readonly string[] s_notServed = ["mfa_required_for_all_apps"];

    private static readonly string[] s_durations = ["user_seat_expiration_inactive_time", "warp_auth_session_duration"];

    /// <summary>Reads what PUT sends: what is not given stays, what is null goes back to its default.</summary>
    public static OrganizationRecord Read(ApiDocument body, OrganizationRecord present, DateTimeOffset now)
    {
        Check(body);
        var document = StoredDocument.Parse(present.Document);
        foreach (var (property, value) in body.Json)
        {
            document.Remove(property);
            if (value is not null)
            {
                document[property] = value.DeepClone();
            }
        }

        return present with
        {
            Name = body.Has("name") ? body.RequiredText("name") : present.Name,
            AuthDomain = body.Has("auth_domain") ? ReadDomain(body) : present.AuthDomain,
            SessionDuration = body.Json.ContainsKey("session_duration") ? ReadDuration(body, "session_duration") : present.SessionDuration,
            Document = StoredDocument.Keep(document, s_owned),
            UpdatedAt = now,
        };
    }

    public static JsonObject ToJson(OrganizationRecord organization) => new JsonObject
    {
        ["name"] = organization.Name,
        ["auth_domain"] = organization.AuthDomain,
        ["session_duration"] = organization.SessionDuration ?? "24h",
        ["created_at"] = ApiTime.ToJson(organization.CreatedAt),
        ["updated_at"] = ApiTime.ToJson(organization.UpdatedAt),
    }.With(organization.Document).WithDefaults(
        ("allow_authenticate_via_warp", false),
        ("auto_redirect_to_identity", false),
        ("deny_unmatched_requests", false),
        ("is_ui_read_only", false),
        ("login_design", new JsonObject()),
        ("strict_service_token_auth", false));

    private static void Check(ApiDocument body)
    {
        foreach (var name in s_switches)
        {
            if (body.Bool(name) == true && s_notServed.Contains(name))
            {
                throw body.Invalid($"{name} is not served by this edge, so that it cannot be true");
            }
        }

        foreach (var name in s_durations)
        {
            ReadDuration(body, name);
        }

        body.Texts("deny_unmatched_requests_exempted_zone_names");
        if (body.Object("service_token_inactivity") is { } inactivity
            && new ApiDocument(inactivity, message => body.Invalid("service_token_inactivity." + message)).Bool("enabled") == true)
        {
            throw body.Invalid("service_token_inactivity is not served by this edge, so that it cannot be enabled");
        }

        if (body.Object("login_design") is { } members)
        {
            CheckDesign(new ApiDocument(members, message => body.Invalid("login_design." + message)));
        }
    }

    // It is shown to people who sign in: a colour must be no more than a colour, and a logo nothing but a picture's address.
    private static void CheckDesign(ApiDocument design)
    {
        design.Text("header_text");
        design.Text("footer_text");
        foreach (var name in (string[])["background_color", "text_color"])
        {
            if (design.Text(name) is { Length: > 0 } colour && !LoginDesign.IsColor(colour))
            {
                throw design.Invalid($"{name} must be a colour such as #ffffff");
            }
        }

        if (design.Text("logo_path") is { Length: > 0 } logo
            && LoginDesign.LogoAddress(logo) is null)
        {
            throw design.Invalid("logo_path must be an https address");
        }
    }

    private static string ReadDomain(ApiDocument body)
    {
        var domain = DomainName.Normalize(body.RequiredText("auth_domain"));
        return domain.Contains('.', StringComparison.Ordinal) && DomainName.IsValid(domain, wildcard: false)
            ? domain
            : throw body.Invalid("auth_domain is not a hostname");
    }

    private static string? ReadDuration(ApiDocument body, string name) =>
        body.Text(name) is not { } text || AccessDuration.TryParse(text, out _)
            ? body.Text(name)
            : throw body.Invalid($"{name} is not a duration such as 24h");
}
