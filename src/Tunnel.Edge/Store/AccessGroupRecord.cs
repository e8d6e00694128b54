using System.Text.Json;
using Tunnel.Access;

namespace Tunnel.Edge.Store;

/// <summary>An Access group: rules under one name.</summary>
public sealed record AccessGroupRecord
{
    /// <summary>The group.</summary>
    public required Guid Id { get; init; }

    /// <summary>The owning account.</summary>
    public required string AccountId { get; init; }

    /// <summary>The zone that lists it; null for a group that the account lists.</summary>
    public string? ZoneId { get; init; }

    /// <summary>As people see it. Need not be unique.</summary>
    public required string Name { get; init; }

    /// <summary>Whether dashboards offer it in new policies. It decides nothing.</summary>
    public bool IsDefault { get; init; }

    /// <summary>The JSON object as a client last wrote it: rules, and the properties that the edge does not know.</summary>
    public required string Document { get; init; }

    /// <summary>When it was made.</summary>
    public required DateTimeOffset CreatedAt { get; init; }

    /// <summary>When it was last changed.</summary>
    public required DateTimeOffset UpdatedAt { get; init; }

    /// <summary>
    /// The group as it is evaluated. One that cannot be read, which the API lets nobody write, counts as not known.
    /// </summary>
    public AccessGroup ToGroup()
    {
        var group = new AccessGroup { Id = Id.ToString("D"), Name = Name, Include = [new UnknownRule("unreadable", "{}")] };
        try
        {
            using var document = JsonDocument.Parse(Document);
            return group with
            {
                Include = AccessPolicyRecord.Rules(document, "include"),
                Require = AccessPolicyRecord.Rules(document, "require"),
                Exclude = AccessPolicyRecord.Rules(document, "exclude"),
            };
        }
        catch (Exception e) when (e is AccessRuleFormatException or JsonException)
        {
            return group;
        }
    }
}
