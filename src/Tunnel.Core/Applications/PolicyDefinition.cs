using System.Text.Json;
using Tunnel.Access;
using Tunnel.Core.Api;

namespace Tunnel.Core.Applications;

/// <summary>What a policy says, its rules read.</summary>
public abstract record PolicyDefinition
{
    /// <summary>Empty for a policy that is to be created.</summary>
    public string Id { get; init; } = "";

    public required string Name { get; init; }

    public AccessDecision Decision { get; init; }

    public IReadOnlyList<AccessRule> Include { get; init; } = [];

    public IReadOnlyList<AccessRule> Require { get; init; } = [];

    public IReadOnlyList<AccessRule> Exclude { get; init; } = [];

    public string? SessionDuration { get; init; }

    /// <summary>Whether people write down what they come for before they are let in; null: not said.</summary>
    public bool? RequiresPurpose { get; init; }

    /// <summary>What they are asked; null: the edge's own words.</summary>
    public string? PurposePrompt { get; init; }

    /// <summary>Whether somebody has to approve before people are let in; null: not said.</summary>
    public bool? RequiresApproval { get; init; }

    /// <summary>Who has to approve: of each group as many as it says.</summary>
    public IReadOnlyList<AccessApprovalGroup>? ApprovalGroups { get; init; }

    /// <summary>What else it asks for beside its rules, as rules that nobody meets (see <see cref="AccessDemands"/>).</summary>
    internal IReadOnlyList<AccessRule> Demands { get; init; } = [];

    /// <summary>What it says, on one line.</summary>
    public string Summary =>
        $"{Decision} {string.Join(", ", Include)}"
        + (Require.Count > 0 ? $"; requires {string.Join(", ", Require)}" : "")
        + (Exclude.Count > 0 ? $"; not {string.Join(", ", Exclude)}" : "")
        + (RequiresPurpose == true ? "; asks for a purpose" : "")
        + (RequiresApproval == true ? $"; approved by {Approval}" : "");

    /// <summary>Who has to approve, on one line; empty where nobody has to.</summary>
    public string Approval => RequiresApproval == true ? string.Join(" and ", ApprovalGroups ?? []) : "";

    public sealed override string ToString() => Name;

    /// <summary>The policy with ids in the place of the names in its rules.</summary>
    internal static async Task<T> ResolveAsync<T>(T policy, AccessRuleResolver names, CancellationToken cancellationToken)
        where T : PolicyDefinition => policy with
        {
            Include = await names.ResolveAsync(policy.Include, cancellationToken).ConfigureAwait(false),
            Require = await names.ResolveAsync(policy.Require, cancellationToken).ConfigureAwait(false),
            Exclude = await names.ResolveAsync(policy.Exclude, cancellationToken).ConfigureAwait(false),
        };

    /// <summary>The policy as <see cref="PolicyEvaluator"/> takes it. Those without a place keep the order of their list.</summary>
    /// <param name="application">The application that holds it or would, which can ask for more; null for none.</param>
    internal AccessPolicy ToPolicy(AccessApplication? application)
    {
        AccessPolicy policy = ToResource().ToPolicy(application);
        int? place = this switch
        {
            PolicyProposal proposal => proposal.Precedence,
            ApplicationPolicy own => own.Precedence,
            _ => null,
        };
        return policy with { Precedence = place ?? int.MaxValue, Require = [.. policy.Require, .. Demands] };
    }

    /// <summary>The demands of a policy as the API told it.</summary>
    private static IReadOnlyList<AccessRule> DemandsOf(AccessPolicyResource resource) => [.. AccessDemands.Of(
        resource.Decision,
        JsonSerializer.SerializeToElement(
            resource with { PurposeJustificationRequired = null, ApprovalRequired = null }, ApiJson.Default.AccessPolicyResource),
        null)];

    /// <summary>What a sign-in asks for, as the API told it.</summary>
    private protected static T WithDemands<T>(T policy, AccessPolicyResource resource)
        where T : PolicyDefinition => policy with
        {
            RequiresPurpose = resource.PurposeJustificationRequired,
            PurposePrompt = resource.PurposeJustificationPrompt,
            RequiresApproval = resource.ApprovalRequired,
            ApprovalGroups = resource.ApprovalGroups,
            Demands = DemandsOf(resource),
        };

    /// <summary>Written over what the API told, so that fields which this version does not know survive.</summary>
    internal AccessPolicyResource ToResource(AccessPolicyResource? over = null) =>
        (over ?? new AccessPolicyResource { Name = Name, Decision = Decision }) with
        {
            Id = Id,
            Name = Name,
            Decision = Decision,
            Include = Include,
            Require = Require,
            Exclude = Exclude,
            SessionDuration = SessionDuration,
            PurposeJustificationRequired = RequiresPurpose,
            PurposeJustificationPrompt = PurposePrompt,
            ApprovalRequired = RequiresApproval,
            ApprovalGroups = ApprovalGroups,
        };

    /// <summary>Whether the existing policy says what this one asks for; what was not asked for may be anything.</summary>
    internal bool SaysTheSame(PolicyDefinition existing) =>
        existing.Decision == Decision
        && (SessionDuration is null || existing.SessionDuration == SessionDuration)
        && (RequiresPurpose is null || (existing.RequiresPurpose ?? false) == RequiresPurpose)
        && (PurposePrompt is null || existing.PurposePrompt == PurposePrompt)
        && (RequiresApproval is null || (existing.RequiresApproval ?? false) == RequiresApproval)
        && (ApprovalGroups is null || AreAlike(ApprovalGroups, existing.ApprovalGroups ?? []))
        && existing.Include.SequenceEqual(Include)
        && existing.Require.SequenceEqual(Require)
        && existing.Exclude.SequenceEqual(Exclude);

    private static bool AreAlike(IReadOnlyList<AccessApprovalGroup> wanted, IReadOnlyList<AccessApprovalGroup> existing) =>
        wanted.Count == existing.Count && wanted.Zip(existing).All(pair => pair.First.IsLike(pair.Second));
}
