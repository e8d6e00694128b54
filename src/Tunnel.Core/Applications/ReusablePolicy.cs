using Tunnel.Core.Api;

namespace Tunnel.Core.Applications;

/// <summary>A policy that several applications can hold.</summary>
public sealed record ReusablePolicy : PolicyDefinition
{
    /// <summary>The same as <see cref="PolicyDefinition.Id"/>: by this name a pipeline tells it from an application's policy.</summary>
    public string ReusablePolicyId => Id;

    /// <summary>How many applications hold it.</summary>
    public int ApplicationCount { get; init; }

    internal static ReusablePolicy From(AccessPolicyResource resource) => WithDemands(new ReusablePolicy
    {
        Id = resource.Id,
        Name = resource.Name,
        ApplicationCount = resource.AppCount ?? 0,
        Decision = resource.Decision,
        Include = resource.Include,
        Require = resource.Require,
        Exclude = resource.Exclude,
        SessionDuration = resource.SessionDuration,
    }, resource);
}
