using System.Text.Json;
using Tunnel.Access;

namespace Tunnel.Edge.Store;

/// <summary>A policy: as one application holds it, or a reusable one by itself.</summary>
public sealed record AccessPolicyRecord
{
    /// <summary>The policy.</summary>
    public required Guid Id { get; init; }

    /// <summary>The application that holds it; null for a reusable policy that is looked at by itself.</summary>
    public required Guid? ApplicationId { get; init; }

    /// <summary>Whether several applications can hold it, and it lives without any.</summary>
    public bool Reusable { get; init; }

    /// <summary>As people see it.</summary>
    public required string Name { get; init; }

    /// <summary><c>allow</c>, <c>deny</c>, <c>bypass</c> or <c>non_identity</c>.</summary>
    public required string Decision { get; init; }

    /// <summary>Lower goes first; unique within the application; from 1. 0 for a reusable policy by itself.</summary>
    public required int Precedence { get; init; }

    /// <summary>How many applications hold a reusable policy that is looked at by itself.</summary>
    public int ApplicationCount { get; init; }

    /// <summary>The JSON object as a client last wrote it: rules, and the properties that the edge does not know.</summary>
    public required string Document { get; init; }

    /// <summary>When it was made.</summary>
    public required DateTimeOffset CreatedAt { get; init; }

    /// <summary>When it was last changed.</summary>
    public required DateTimeOffset UpdatedAt { get; init; }

    /// <summary>What people read who are asked what they come for; null for the edge's own words.</summary>
    public string? PurposePrompt
    {
        get
        {
            using var document = JsonDocument.Parse(Document);
            return document.RootElement.TryGetProperty("purpose_justification_prompt", out var prompt)
                && prompt.ValueKind == JsonValueKind.String && prompt.GetString() is { Length: > 0 } text ? text : null;
        }
    }

    /// <summary>Who has to approve where the policy asks for it, by <c>approval_groups</c>.</summary>
    /// <param name="lists">Those that groups can name; one that is not there, or holds no mail addresses, has nobody in it.</param>
    public IReadOnlyList<AccessApproverGroup> Approvers(AccessLists lists)
    {
        ArgumentNullException.ThrowIfNull(lists);
        using var document = JsonDocument.Parse(Document);
        return document.RootElement.TryGetProperty("approval_groups", out var groups) && groups.ValueKind == JsonValueKind.Array
            ? [.. groups.EnumerateArray().Select(group => GroupOf(group, lists))] : [];
    }

    /// <summary>
    /// The policy as it is evaluated. One that cannot be read, which the API lets nobody write, denies everyone; one that
    /// asks for more than the edge can check lets nobody in.
    /// </summary>
    /// <param name="application">The JSON object of the application that holds it; what that asks for counts as well.</param>
    public AccessPolicy ToPolicy(string? application = null)
    {
        var policy = new AccessPolicy
        {
            Id = Id.ToString("D"),
            Name = Name,
            Decision = AccessDecision.Deny,
            Precedence = Precedence,
            Include = [new EveryoneRule()],
        };
        try
        {
            using var document = JsonDocument.Parse(Document);
            using var holder = application is null ? null : JsonDocument.Parse(application);
            return AccessDecisions.TryParse(Decision, out var decision)
                ? policy with
                {
                    Decision = decision,
                    Include = Rules(document, "include"),
                    Require = [.. Rules(document, "require"), .. AccessDemands.Of(decision, document.RootElement, holder?.RootElement)],
                    Exclude = Rules(document, "exclude"),
                    SessionDuration = document.RootElement.TryGetProperty("session_duration", out var duration)
                        && duration.ValueKind == JsonValueKind.String ? duration.GetString() : null,
                }
                : policy;
        }
        catch (Exception e) when (e is AccessRuleFormatException or JsonException)
        {
            return policy;
        }
    }

    internal static IReadOnlyList<AccessRule> Rules(JsonDocument document, string name) =>
        document.RootElement.TryGetProperty(name, out var rules) ? AccessRuleJson.ListFromElement(rules) : [];

    // The API takes nothing else than what is read here (PolicyDocument); what still is something else can be met by nobody.
    private static AccessApproverGroup GroupOf(JsonElement group, AccessLists lists) => new(
        group.ValueKind == JsonValueKind.Object && group.TryGetProperty("approvals_needed", out var needed)
            && needed.TryGetInt32(out var count) && count >= 0 ? count : int.MaxValue,
        group.ValueKind == JsonValueKind.Object && group.TryGetProperty("email_addresses", out var emails) && emails.ValueKind == JsonValueKind.Array
            ? emails.EnumerateArray().Where(e => e.ValueKind == JsonValueKind.String).Select(e => AccessUserTable.Normalize(e.GetString()!)).ToHashSet()
            : new HashSet<string>(),
        group.ValueKind == JsonValueKind.Object && group.TryGetProperty("email_list_uuid", out var id) && id.ValueKind == JsonValueKind.String
            && lists.Find(id.GetString()!) is { Kind: AccessListKind.Email } list ? list : null);
}
