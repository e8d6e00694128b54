using System.Text.Json.Nodes;
using Tunnel.Edge.Api.Http;
using Tunnel.Edge.Store;

namespace Tunnel.Edge.Api.Access;

/// <summary>An application as JSON, and the rules for its parts.</summary>
internal static class ApplicationDocument
{
    private static readonly string[] Owned =
    [
        "id", "uid", "aud", "name", "type", "domain", "policies", "session_duration", "service_auth_401_redirect",
        "created_at", "updated_at", "domain_type", "self_hosted_domains",
    ];

    /// <summary>Reads an application as POST and PUT send it.</summary>
    /// <param name="body">What was sent.</param>
    /// <param name="present">What is there, for PUT; else an empty one with the new identifiers.</param>
    /// <param name="zones">The zones that its domains must lie in.</param>
    /// <param name="reusable">Finds a reusable policy.</param>
    /// <param name="now">The time of the request.</param>
    public static AccessApplicationRecord Read(
        ApiDocument body, AccessApplicationRecord present, IReadOnlyList<ZoneRecord> zones,
        Func<Guid, AccessPolicyRecord?> reusable, DateTimeOffset now)
    {
        // PUT writes the whole application, as Cloudflare's does: without a type it is refused, and a setting that is not
        // given goes back to its default. Only the policies stay when they are not given.
        var type = body.Text("type") is { Length: > 0 } given ? given : throw body.Invalid("app type is missing or invalid");
        if (type is not ("self_hosted" or "ssh"))
        {
            throw body.Invalid("type must be self_hosted or ssh: this edge serves no others");
        }

        var session = AccessDuration.DefaultSession;
        if (body.Text("session_duration") is { Length: > 0 } text && !AccessDuration.TryParse(text, out session))
        {
            throw body.Invalid("session_duration is not a duration such as 24h");
        }

        ApplicationFields.Check(body);
        var domains = ApplicationDomains.Read(body, zones);
        return present with
        {
            Name = body.Text("name") is { Length: > 0 } name ? name : domains[0],
            Type = type,
            Domains = domains,
            SessionDuration = session,
            ServiceAuth401Redirect = body.Bool("service_auth_401_redirect") ?? false,
            PolicyRecords = body.Has("policies")
                ? ApplicationPolicies.Read(body, present, reusable, now)
                : present.PolicyRecords,
            Document = Keep(body),
            UpdatedAt = now,
        };
    }

    public static JsonObject ToJson(AccessApplicationRecord application)
    {
        // The duration is written as it came, not as it was understood: 24h stays 24h.
        var kept = StoredDocument.Parse(application.Document);
        var session = kept["session_duration"]?.GetValue<string>() ?? "24h";
        var destinations = application.Domains.Select(d => new JsonObject { ["type"] = "public", ["uri"] = d });
        return new JsonObject
        {
            ["id"] = application.Id.ToString("D"),
            ["uid"] = application.Id.ToString("D"),
            ["aud"] = application.Aud,
            ["name"] = application.Name,
            ["type"] = application.Type,
            ["domain"] = application.Domains[0],
            ["domain_type"] = "public",
            ["self_hosted_domains"] = new JsonArray([.. application.Domains.Select(d => JsonValue.Create(d))]),
            ["session_duration"] = session,
            ["service_auth_401_redirect"] = application.ServiceAuth401Redirect,
            ["policies"] = new JsonArray([.. application.PolicyRecords.Select(PolicyDocument.ToJson)]),
            ["created_at"] = ApiTime.ToJson(application.CreatedAt),
            ["updated_at"] = ApiTime.ToJson(application.UpdatedAt),
        }.With(application.Document).WithDefaults(
            ("destinations", new JsonArray([.. destinations])),
            ("allowed_idps", new JsonArray()),
            ("auto_redirect_to_identity", false),
            ("app_launcher_visible", true),
            ("enable_binding_cookie", false),
            ("http_only_cookie_attribute", true),
            ("options_preflight_bypass", false),
            ("skip_interstitial", false),
            ("tags", new JsonArray()));
    }

    private static string Keep(ApiDocument body)
    {
        var kept = StoredDocument.Parse(StoredDocument.Keep(body.Json, Owned));
        if (body.Text("session_duration") is { Length: > 0 } session)
        {
            kept["session_duration"] = session;
        }

        return kept.ToJsonString();
    }
}
