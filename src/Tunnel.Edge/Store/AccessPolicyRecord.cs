using System.Text.Json;
using Tunnel.Access;

namespace Tunnel.Edge.Store;

/// <summary>A policy as one application holds it.</summary>
public sealed record AccessPolicyRecord
{
    /// <summary>The policy.</summary>
    public required Guid Id { get; init; }

    /// <summary>The application.</summary>
    public required Guid ApplicationId { get; init; }

    /// <summary>As people see it.</summary>
    public required string Name { get; init; }

    /// <summary><c>allow</c>, <c>deny</c>, <c>bypass</c> or <c>non_identity</c>.</summary>
    public required string Decision { get; init; }

    /// <summary>Lower goes first; unique within the application; from 1.</summary>
    public required int Precedence { get; init; }

    /// <summary>The JSON object as a client last wrote it: rules, and the properties that the edge does not know.</summary>
    public required string Document { get; init; }

    /// <summary>When it was made.</summary>
    public required DateTimeOffset CreatedAt { get; init; }

    /// <summary>When it was last changed.</summary>
    public required DateTimeOffset UpdatedAt { get; init; }

    /// <summary>
    /// The policy as it is evaluated. One that cannot be read, which the API lets nobody write, denies everyone.
    /// </summary>
    public AccessPolicy ToPolicy()
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
            return AccessDecisions.TryParse(Decision, out var decision)
                ? policy with
                {
                    Decision = decision,
                    Include = Rules(document, "include"),
                    Require = Rules(document, "require"),
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

    private static IReadOnlyList<AccessRule> Rules(JsonDocument document, string name) =>
        document.RootElement.TryGetProperty(name, out var rules) ? AccessRuleJson.ListFromElement(rules) : [];
}
