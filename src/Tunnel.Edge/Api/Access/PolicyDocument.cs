using System.Text.Json;
using System.Text.Json.Nodes;
using Tunnel.Access;
using Tunnel.Edge.Api.Http;
using Tunnel.Edge.Store;

namespace Tunnel.Edge.Api.Access;

/// <summary>A policy as JSON, and the rules for its parts.</summary>
internal static class PolicyDocument
{
    private static readonly string[] Owned =
        ["id", "uid", "name", "decision", "precedence", "reusable", "created_at", "updated_at"];

    private static readonly string[] RuleLists = ["include", "require", "exclude"];

    /// <summary>
    /// Reads a policy as POST and PUT send it, and its precedence where one is given; the record's own precedence is
    /// the fallback.
    /// </summary>
    public static (AccessPolicyRecord Policy, int? Precedence) Read(
        ApiDocument body, Guid id, Guid applicationId, DateTimeOffset createdAt, DateTimeOffset now)
    {
        var decision = body.RequiredText("decision");
        if (!AccessDecisions.TryParse(decision, out _))
        {
            throw body.Invalid("decision must be allow, deny, bypass or non_identity");
        }

        var precedence = body.Int("precedence");
        if (precedence is < 0 or > 1_000_000)
        {
            throw body.Invalid("precedence must be a whole number from 1");
        }

        if (body.Text("session_duration") is { } session && !AccessDuration.TryParse(session, out _))
        {
            throw body.Invalid("session_duration is not a duration such as 24h");
        }

        if (body.Array("include") is not { Count: > 0 })
        {
            throw body.Invalid("include must hold at least one rule");
        }

        foreach (var name in RuleLists)
        {
            CheckRules(body, name);
        }

        var policy = new AccessPolicyRecord
        {
            Id = id,
            ApplicationId = applicationId,
            Name = body.RequiredText("name"),
            Decision = decision,
            Precedence = precedence ?? 0,
            Document = StoredDocument.Keep(body.Json, Owned),
            CreatedAt = createdAt,
            UpdatedAt = now,
        };
        // Cloudflare counts from 1; 0 is what clients with a default send for "none given".
        return (policy, precedence is 0 ? null : precedence);
    }

    public static JsonObject ToJson(AccessPolicyRecord policy) => new JsonObject
    {
        ["id"] = policy.Id.ToString("D"),
        ["uid"] = policy.Id.ToString("D"),
        ["name"] = policy.Name,
        ["decision"] = policy.Decision,
        ["precedence"] = policy.Precedence,
        ["reusable"] = false,
        ["created_at"] = ApiTime.ToJson(policy.CreatedAt),
        ["updated_at"] = ApiTime.ToJson(policy.UpdatedAt),
    }.With(policy.Document).WithDefaults(
        ("include", new JsonArray()), ("require", new JsonArray()), ("exclude", new JsonArray()));

    private static void CheckRules(ApiDocument body, string name)
    {
        if (body.Array(name) is not { } rules)
        {
            return;
        }

        try
        {
            using var document = JsonDocument.Parse(rules.ToJsonString());
            AccessRuleJson.ListFromElement(document.RootElement);
        }
        catch (AccessRuleFormatException e)
        {
            throw body.Invalid($"{name}: {e.Message}");
        }
    }
}
