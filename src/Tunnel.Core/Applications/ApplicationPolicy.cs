using Tunnel.Access;
using Tunnel.Core.Api;

namespace Tunnel.Core.Applications;

/// <summary>A policy with the application that it belongs to, its rules read.</summary>
public sealed record ApplicationPolicy
{
    /// <summary>Empty for a policy that is to be created.</summary>
    public string Id { get; init; } = "";

    public required string Name { get; init; }

    public required string ApplicationId { get; init; }

    public AccessDecision Decision { get; init; }

    /// <summary>Lower is evaluated first. Null: the API picks the next.</summary>
    public int? Precedence { get; init; }

    public IReadOnlyList<AccessRule> Include { get; init; } = [];

    public IReadOnlyList<AccessRule> Require { get; init; } = [];

    public IReadOnlyList<AccessRule> Exclude { get; init; } = [];

    public string? SessionDuration { get; init; }

    /// <summary>What it says, on one line.</summary>
    public string Summary =>
        $"{Decision} {string.Join(", ", Include)}"
        + (Require.Count > 0 ? $"; requires {string.Join(", ", Require)}" : "")
        + (Exclude.Count > 0 ? $"; not {string.Join(", ", Exclude)}" : "");

    public override string ToString() => Name;

    internal static ApplicationPolicy From(string applicationId, AccessPolicyResource resource) => new()
    {
        Id = resource.Id,
        Name = resource.Name,
        ApplicationId = applicationId,
        Decision = resource.Decision,
        Precedence = resource.Precedence,
        Include = resource.Include,
        Require = resource.Require,
        Exclude = resource.Exclude,
        SessionDuration = resource.SessionDuration,
    };

    /// <summary>Written over what the API told, so that fields which this version does not know survive.</summary>
    internal AccessPolicyResource ToResource(AccessPolicyResource? over = null)
    {
        AccessPolicyResource resource = over ?? new AccessPolicyResource { Name = Name, Decision = Decision };
        return resource with
        {
            Id = Id,
            Name = Name,
            Decision = Decision,
            Precedence = Precedence,
            Include = Include,
            Require = Require,
            Exclude = Exclude,
            SessionDuration = SessionDuration,
        };
    }

    /// <summary>Whether the existing policy is what this one asks for; what was not asked for may be anything.</summary>
    internal bool IsMetBy(ApplicationPolicy existing) =>
        existing.Decision == Decision
        && (Precedence is null || existing.Precedence == Precedence)
        && (SessionDuration is null || existing.SessionDuration == SessionDuration)
        && existing.Include.SequenceEqual(Include)
        && existing.Require.SequenceEqual(Require)
        && existing.Exclude.SequenceEqual(Exclude);
}
