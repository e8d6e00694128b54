using Tunnel.Core.Api;

namespace Tunnel.Core.Applications;

/// <summary>A policy as an application holds it: one of its own, or a reusable one.</summary>
public sealed record ApplicationPolicy : PolicyDefinition
{
    public required string ApplicationId { get; init; }

    /// <summary>Lower is evaluated first. Null: the API picks the next.</summary>
    public int? Precedence { get; init; }

    /// <summary>Whether other applications can hold it too: then it is changed and removed by itself.</summary>
    public bool IsReusable { get; init; }

    internal static ApplicationPolicy From(string applicationId, AccessPolicyResource resource) => WithDemands(new ApplicationPolicy
    {
        Id = resource.Id,
        Name = resource.Name,
        ApplicationId = applicationId,
        Decision = resource.Decision,
        Precedence = resource.Precedence,
        IsReusable = resource.Reusable == true,
        Include = resource.Include,
        Require = resource.Require,
        Exclude = resource.Exclude,
        SessionDuration = resource.SessionDuration,
    }, resource);

    internal AccessPolicyLink ToLink() => new(Id, Precedence);

    /// <summary>Whether the existing policy is what this one asks for; what was not asked for may be anything.</summary>
    internal bool IsMetBy(ApplicationPolicy existing) =>
        SaysTheSame(existing) && (Precedence is null || existing.Precedence == Precedence);
}
