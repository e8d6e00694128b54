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

    /// <summary>What it asks for beside its rules, as rules that nobody meets (see <see cref="AccessDemands"/>).</summary>
    internal IReadOnlyList<AccessRule> Demands { get; init; } = [];

    /// <summary>What it says, on one line.</summary>
    public string Summary =>
        $"{Decision} {string.Join(", ", Include)}"
        + (Require.Count > 0 ? $"; requires {string.Join(", ", Require)}" : "")
        + (Exclude.Count > 0 ? $"; not {string.Join(", ", Exclude)}" : "");

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
    private protected static IReadOnlyList<AccessRule> DemandsOf(AccessPolicyResource resource) => [.. AccessDemands.Of(
        resource.Decision, JsonSerializer.SerializeToElement(resource, ApiJson.Default.AccessPolicyResource), null)];

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
        };

    /// <summary>Whether the existing policy says what this one asks for; what was not asked for may be anything.</summary>
    internal bool SaysTheSame(PolicyDefinition existing) =>
        existing.Decision == Decision
        && (SessionDuration is null || existing.SessionDuration == SessionDuration)
        && existing.Include.SequenceEqual(Include)
        && existing.Require.SequenceEqual(Require)
        && existing.Exclude.SequenceEqual(Exclude);
}
