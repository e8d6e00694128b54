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

    public bool? RequiresPurpose { get; init; }

    public string? PurposePrompt { get; init; }

    /// <summary>Email addresses; empty: nobody has to approve any more.</summary>
    public IReadOnlyList<string>? Approvers { get; init; }

    public int? ApprovalsNeeded { get; init; }

    /// <summary>The policy with the change.</summary>
    /// <exception cref="ArgumentException">The approvers make no sense: see <see cref="PolicyApproval"/>.</exception>
    public T ApplyTo<T>(T policy)
        where T : PolicyDefinition
    {
        ArgumentNullException.ThrowIfNull(policy);
        return (policy with
        {
            Name = Name ?? policy.Name,
            Decision = Decision ?? policy.Decision,
            Include = Include ?? policy.Include,
            Require = Require ?? policy.Require,
            Exclude = Exclude ?? policy.Exclude,
            SessionDuration = SessionDuration ?? policy.SessionDuration,
            RequiresPurpose = RequiresPurpose ?? policy.RequiresPurpose,
            PurposePrompt = PurposePrompt ?? policy.PurposePrompt,
        }).WithApprovers(Approvers, ApprovalsNeeded);
    }
}
