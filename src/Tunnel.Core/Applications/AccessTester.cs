using System.Net;
using Tunnel.Access;
using Tunnel.Core.Api;
using Tunnel.Core.Users;

namespace Tunnel.Core.Applications;

/// <summary>
/// Asks an application's policies, as the account has them now, about visitors who need not exist. The account decides
/// about real visitors by the same rules; devices and other facts that it alone knows count as not known.
/// </summary>
public sealed class AccessTester
{
    private readonly string _hostname;
    private readonly IReadOnlyList<AccessPolicy> _policies;
    private readonly AccessGroups _groups;
    private readonly AccessLists _lists;
    private readonly ListCatalog? _account;
    private readonly AccessApplication? _application;
    private readonly IReadOnlyList<string> _approvers;

    /// <summary>Asks policies that need not be in any account.</summary>
    public AccessTester(string hostname, IReadOnlyList<AccessPolicy> policies, AccessGroups groups, AccessLists? lists = null)
        : this(hostname, policies, groups, lists ?? AccessLists.None, null, null, [])
    {
    }

    /// <param name="approvers">Who has to approve, at the place of the policy; empty where that is not known.</param>
    private AccessTester(
        string hostname, IReadOnlyList<AccessPolicy> policies, AccessGroups groups, AccessLists lists, ListCatalog? account,
        AccessApplication? application, IReadOnlyList<string> approvers) =>
        (_hostname, _policies, _groups, _lists, _account, _application, _approvers) =
            (hostname, policies, groups, lists, account, application, approvers);

    private IReadOnlyList<string> LoginMethods => _application?.AllowedIdps ?? [];

    /// <summary>Asks policies of no application, in which names of groups, lists, tokens and providers stand for themselves.</summary>
    public static AccessTester Of(
        IReadOnlyList<PolicyDefinition> policies, IEnumerable<AccessGroup> groups, IEnumerable<AccessList> lists)
    {
        ArgumentNullException.ThrowIfNull(policies);
        return new AccessTester(
            "", Evaluated(policies, null), new AccessGroups(groups), new AccessLists(lists), null, null,
            [.. policies.Select(policy => policy.Approval)]);
    }

    /// <summary>Reads the policies of the application of that hostname, name or id, the account's groups, and the lists that they name.</summary>
    /// <exception cref="ResourceNotFoundException">There is no such application.</exception>
    public static async Task<AccessTester> LoadAsync(
        TunnelApiClient api, string accountId, string application, CancellationToken cancellationToken)
    {
        ArgumentNullException.ThrowIfNull(api);
        AccessApplication found = await new ApplicationCatalog(api, accountId)
            .GetAsync(application, cancellationToken).ConfigureAwait(false);
        List<AccessPolicyResource> policies = await api.Policies
            .ListAsync(accountId, found.Id, cancellationToken).ToListAsync(cancellationToken).ConfigureAwait(false);
        List<AccessGroupResource> groups = await api.Groups
            .ListAsync(accountId, cancellationToken: cancellationToken).ToListAsync(cancellationToken).ConfigureAwait(false);
        AccessPolicy[] evaluated = [.. policies.Select(policy => policy.ToPolicy(found))];
        var known = new AccessGroups(groups.Select(group => group.ToGroup()));
        var lists = new ListCatalog(api, accountId);
        return new AccessTester(
            found.Domain ?? application,
            evaluated,
            known,
            await lists.LoadAsync(RulesOf(evaluated, known), cancellationToken).ConfigureAwait(false),
            lists,
            found,
            [.. policies.Select(policy => string.Join(" and ", policy.ApprovalGroups ?? []))]);
    }

    /// <summary>The addresses of everybody who ever signed in to the account.</summary>
    public static IAsyncEnumerable<string> PeopleAsync(TunnelApiClient api, string accountId, CancellationToken cancellationToken) =>
        new UserCatalog(api, accountId).ListAsync(cancellationToken: cancellationToken)
            .Select(user => user.Email ?? "").Where(email => email.Length > 0);

    /// <summary>The same application, groups and lists, with other policies.</summary>
    /// <param name="policies">All of them.</param>
    /// <param name="names">Finds what names stand for in the account; null: names stand for themselves.</param>
    /// <param name="cancellationToken">Stops the calls.</param>
    /// <exception cref="ResourceNotFoundException">A rule names something that the account does not have.</exception>
    public async Task<AccessTester> WithAsync(
        IReadOnlyList<PolicyDefinition> policies, AccessRuleResolver? names, CancellationToken cancellationToken)
    {
        ArgumentNullException.ThrowIfNull(policies);
        var resolved = new List<PolicyDefinition>(policies.Count);
        foreach (PolicyDefinition policy in policies)
        {
            resolved.Add(names is null ? policy
                : await PolicyDefinition.ResolveAsync(policy, names, cancellationToken).ConfigureAwait(false));
        }

        AccessPolicy[] evaluated = Evaluated(resolved, _application);
        AccessLists lists = _account is null ? _lists
            : await _account.LoadAsync(RulesOf(evaluated, _groups), cancellationToken).ConfigureAwait(false);
        return new AccessTester(
            _hostname, evaluated, _groups, lists, _account, _application, [.. resolved.Select(policy => policy.Approval)]);
    }

    /// <summary>What these policies and others say to the same visitor.</summary>
    public AccessComparison Compare(AccessTester after, AccessVisitor visitor)
    {
        ArgumentNullException.ThrowIfNull(after);
        return new AccessComparison(Test(visitor), after.Test(visitor));
    }

    /// <summary>Reads an address; null and empty text are none.</summary>
    /// <exception cref="ArgumentException">Not an address.</exception>
    public static IPAddress? AddressOf(string? text) =>
        string.IsNullOrEmpty(text) ? null
        : IpRanges.TryParse(text, out IPNetwork range) && !text.Contains('/', StringComparison.Ordinal) ? range.BaseAddress
        : throw new ArgumentException($"'{text}' is not an IP address.", nameof(text));

    /// <summary>What the policies would say to the visitor.</summary>
    public AccessTest Test(AccessVisitor visitor)
    {
        ArgumentNullException.ThrowIfNull(visitor);
        // Who signed in elsewhere than the application allows is sent to sign in again: as a person, nobody yet.
        bool isElsewhere = visitor is { IsSignedIn: true, LoginMethodId: { } method } && LoginMethods.Count > 0
            && !LoginMethods.Contains(method, StringComparer.OrdinalIgnoreCase);
        AccessVisitor asking = isElsewhere ? Stranger(visitor) : visitor;
        AccessVerdict unasked = PolicyEvaluator.Evaluate(_policies, asking, _groups, _lists);
        // A sign-in asks for the purpose, and whoever gives one goes on; for an approval they wait for others.
        AccessVerdict told = unasked.IsAllowed ? unasked
            : PolicyEvaluator.Evaluate([.. _policies.Select(AccessDemands.WithPurpose)], asking, _groups, _lists);
        AccessPolicy[] met = [.. _policies.Select(AccessDemands.WithPurpose).Select(AccessDemands.WithApproval)];
        AccessVerdict approved = told.IsAllowed ? told : PolicyEvaluator.Evaluate(met, asking, _groups, _lists);
        AccessVerdict verdict = approved.IsAllowed ? approved : told;
        return new AccessTest
        {
            Hostname = _hostname,
            Visitor = visitor,
            IsAllowed = told.IsAllowed,
            Policy = verdict.Policy?.Name,
            Rule = verdict.Rule,
            NeedsIdentity = told.NeedsIdentity,
            NeedsApproval = approved.IsAllowed && !told.IsAllowed,
            Reason = isElsewhere
                ? $"the application does not allow this login method, so the sign-in does not count; {verdict.Reason}"
                : verdict.Reason + (told.IsAllowed && !unasked.IsAllowed ? " The sign-in asks for a purpose first."
                    : approved.IsAllowed && !told.IsAllowed ? $" But not before {ApprovalAt(Array.IndexOf(met, approved.Policy))}." : ""),
        };
    }

    private string ApprovalAt(int policy) =>
        policy >= 0 && policy < _approvers.Count && _approvers[policy] is { Length: > 0 } named
            ? $"an approval by {named}" : "those that the policy names have approved";

    /// <summary>The policies as they are evaluated, in the order of the list where they have no place of their own.</summary>
    private static AccessPolicy[] Evaluated(IReadOnlyList<PolicyDefinition> policies, AccessApplication? application) =>
        [.. policies.Select(policy => policy.ToPolicy(application))];

    private static IEnumerable<AccessRule> RulesOf(IEnumerable<AccessPolicy> policies, AccessGroups groups) =>
        policies.SelectMany(policy => policy.Include.Concat(policy.Require).Concat(policy.Exclude))
            .Concat(groups.All.SelectMany(group => group.Include.Concat(group.Require).Concat(group.Exclude)));

    private static AccessVisitor Stranger(AccessVisitor visitor) => visitor with
    {
        Email = null,
        LoginMethodId = null,
        AuthenticationMethods = null,
        Claims = null,
        IdentityGroups = null,
    };
}
