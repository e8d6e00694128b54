using System.Text.Json.Nodes;
using Tunnel.Access;
using Tunnel.Edge.Api.Http;
using Tunnel.Edge.Identity.SignIn;
using Tunnel.Edge.Store;

namespace Tunnel.Edge.Api.Access;

/// <summary>A policy as JSON, and the rules for its parts.</summary>
internal static class PolicyDocument
{
    private static readonly string[] Owned =
        ["id", "uid", "account_id", "name", "decision", "precedence", "reusable", "app_count", "created_at", "updated_at"];

    private const int MaxApproverGroups = 20;
    private const int MaxApprovers = 50;

    private static readonly string[] Switches = ["approval_required", "isolation_required", "purpose_justification_required"];

    /// <summary>
    /// Reads a policy as POST and PUT send it, and its precedence where one is given; the record's own precedence is
    /// the fallback.
    /// </summary>
    /// <param name="body">What was sent.</param>
    /// <param name="id">The policy's identifier.</param>
    /// <param name="applicationId">The application that holds it; null for a reusable one.</param>
    /// <param name="createdAt">When it was made.</param>
    /// <param name="now">The time of the request.</param>
    public static (AccessPolicyRecord Policy, int? Precedence) Read(
        ApiDocument body, Guid id, Guid? applicationId, DateTimeOffset createdAt, DateTimeOffset now)
    {
        var decision = body.RequiredText("decision");
        if (!AccessDecisions.TryParse(decision, out _))
        {
            throw body.Invalid("decision must be allow, deny, bypass or non_identity");
        }

        var precedence = ReadPrecedence(body);
        if (body.Text("session_duration") is { } session && !AccessDuration.TryParse(session, out _))
        {
            throw body.Invalid("session_duration is not a duration such as 24h");
        }

        RuleLists.Check(body);
        CheckDemands(body);

        var policy = new AccessPolicyRecord
        {
            Id = id,
            ApplicationId = applicationId,
            Name = body.RequiredText("name"),
            Decision = decision,
            Reusable = applicationId is null,
            Precedence = precedence ?? 0,
            Document = StoredDocument.Keep(body.Json, Owned),
            CreatedAt = createdAt,
            UpdatedAt = now,
        };
        return (policy, precedence);
    }

    /// <summary>Null where none is given: Cloudflare counts from 1, and 0 is what clients with a default send.</summary>
    public static int? ReadPrecedence(ApiDocument body) => body.Int("precedence") switch
    {
        < 0 or > 1_000_000 => throw body.Invalid("precedence must be a whole number from 1"),
        0 => null,
        var precedence => precedence,
    };

    /// <summary>A policy as an application holds it.</summary>
    public static JsonObject ToJson(AccessPolicyRecord policy) => ToJson(policy, "precedence", policy.Precedence);

    /// <summary>A reusable policy by itself.</summary>
    public static JsonObject ReusableToJson(AccessPolicyRecord policy) =>
        ToJson(policy, "app_count", policy.ApplicationCount);

    private static JsonObject ToJson(AccessPolicyRecord policy, string name, int value) => new JsonObject
    {
        ["id"] = policy.Id.ToString("D"),
        ["uid"] = policy.Id.ToString("D"),
        ["name"] = policy.Name,
        ["decision"] = policy.Decision,
        [name] = value,
        ["reusable"] = policy.Reusable,
        ["created_at"] = ApiTime.ToJson(policy.CreatedAt),
        ["updated_at"] = ApiTime.ToJson(policy.UpdatedAt),
    }.With(policy.Document).WithDefaults(
        ("include", new JsonArray()), ("require", new JsonArray()), ("exclude", new JsonArray()));

    // What these ask for is done at the sign-in (the purpose, the approval), or by nobody here: see AccessDemands for what follows.
    private static void CheckDemands(ApiDocument body)
    {
        Array.ForEach(Switches, name => body.Bool(name));
        body.Text("purpose_justification_prompt");
        body.Object("mfa_config");
        body.Object("connection_rules");
        var groups = body.Array("approval_groups") ?? [];
        if (groups.Count > MaxApproverGroups)
        {
            throw body.Invalid($"approval_groups holds at most {MaxApproverGroups} groups");
        }

        foreach (var group in groups)
        {
            var approvers = new ApiDocument(
                group as JsonObject ?? throw body.Invalid("approval_groups must be an array of objects"), body.Invalid);
            if (approvers.Int("approvals_needed") is null or < 0)
            {
                throw body.Invalid("approvals_needed must be a whole number from 0");
            }

            if (approvers.Texts("email_addresses") is { } emails
                && (emails.Count > MaxApprovers || emails.Any(email => EmailAddress.Read(email) is null)))
            {
                throw body.Invalid($"email_addresses must be at most {MaxApprovers} email addresses");
            }

            // As lists of rules are: one that is not there has nobody in it.
            if (approvers.Text("email_list_uuid") is { Length: > 0 } list && !Guid.TryParseExact(list, "D", out _))
            {
                throw body.Invalid("email_list_uuid must be the id of a list");
            }
        }
    }
}
