using Tunnel.Access;

namespace Tunnel.Core.Applications;

/// <summary>What shall change in what a policy says; what is null stays as it is.</summary>
public sealed record PolicyChange
{
    public string? Name { get; init; }

    public AccessDecision? Decision { get; init; }

    public IReadOnlyList<AccessRule>? Include { get; init; }

    public IReadOnlyList<AccessRule>? Require { get; init; }

    public IReadOnlyList<AccessRule>? Exclude { get; init; }

    public string? SessionDuration { get; init; }

    /// <summary>The policy with the change.</summary>
    public T ApplyTo<T>(T policy)
        where T : PolicyDefinition
    {
        ArgumentNullException.ThrowIfNull(policy);
        return policy with
        {
            Name = Name ?? policy.Name,
            Decision = Decision ?? policy.Decision,
            Include = Include ?? policy.Include,
            Require = Require ?? policy.Require,
            Exclude = Exclude ?? policy.Exclude,
            SessionDuration = SessionDuration ?? policy.SessionDuration,
        };
    }
}
