namespace Tunnel.Access;

/// <summary>
/// Says whether the policies of an application let a visitor in. Bypass and non_identity policies are looked at first,
/// then allow and deny policies, each by precedence; the first that matches decides; if none does, or there is none, the
/// visitor is refused.
/// </summary>
/// <remarks>
/// What cannot be told never lets anyone in: a selector that is not known, a device that only Cloudflare knows, a group or
/// a list that is not there, a fact about the visitor that nobody established. It satisfies no include or require rule
/// and excludes where it is an exclude rule; in a deny policy it is the other way round; inside of groups, by the place
/// where it has its effect in the end. An allow policy matches only a visitor who has signed in, a non_identity policy
/// only one with a valid service token or client certificate.
/// </remarks>
public static class PolicyEvaluator
{
    /// <summary>Evaluates the policies for one visitor.</summary>
    /// <param name="policies">The policies of one application, in any order.</param>
    /// <param name="visitor">What was proven about the visitor.</param>
    /// <param name="groups">The account's groups; null for none.</param>
    /// <param name="lists">The account's lists; null for none.</param>
    public static AccessVerdict Evaluate(
        IReadOnlyList<AccessPolicy> policies, AccessVisitor visitor, AccessGroups? groups = null, AccessLists? lists = null)
    {
        ArgumentNullException.ThrowIfNull(policies);
        ArgumentNullException.ThrowIfNull(visitor);
        var context = new RuleContext(visitor, groups ?? AccessGroups.None, lists ?? AccessLists.None);
        var needsIdentity = false;
        foreach (var policy in policies.OrderBy(Phase).ThenBy(p => p.Precedence))
        {
            var match = PolicyMatch.Of(policy, context);
            needsIdentity |= match.Outcome == RuleMatch.NeedsIdentity && policy.Decision != AccessDecision.Deny;
            if (match.Outcome == RuleMatch.Yes)
            {
                return Decided(policy, match.Rule!, context, needsIdentity);
            }
        }
        return new AccessVerdict
        {
            IsAllowed = false,
            NeedsIdentity = needsIdentity,
            Reason = VerdictReason.NoneMatched(policies, context, needsIdentity),
        };
    }

    /// <summary>
    /// The endpoints that these policies, and the groups that they name, want to be asked. Ask before evaluating, and pass
    /// the answers in <see cref="AccessVisitor.ExternalEvaluations"/>.
    /// </summary>
    public static IReadOnlyCollection<ExternalEvaluationRule> ExternalEvaluations(
        IReadOnlyList<AccessPolicy> policies, AccessGroups? groups = null)
    {
        ArgumentNullException.ThrowIfNull(policies);
        groups ??= AccessGroups.None;
        var found = new HashSet<ExternalEvaluationRule>();
        var seen = new HashSet<string>(StringComparer.OrdinalIgnoreCase);
        var left = new Stack<AccessRule>(policies.SelectMany(p => p.Include.Concat(p.Require).Concat(p.Exclude)));
        while (left.TryPop(out var rule))
        {
            if (rule is ExternalEvaluationRule endpoint)
            {
                found.Add(endpoint);
            }
            else if (rule is GroupRule named && groups.IsUsable(named.GroupId) && seen.Add(named.GroupId))
            {
                foreach (var inner in groups.Find(named.GroupId)!.Rules)
                {
                    left.Push(inner);
                }
            }
        }
        return found;
    }

    private static int Phase(AccessPolicy policy) =>
        policy.Decision is AccessDecision.Bypass or AccessDecision.NonIdentity ? 0 : 1;

    private static AccessVerdict Decided(AccessPolicy policy, AccessRule rule, RuleContext context, bool needsIdentity)
    {
        var isAllowed = policy.Decision != AccessDecision.Deny;
        return new AccessVerdict
        {
            IsAllowed = isAllowed,
            Policy = policy,
            Rule = rule,
            NeedsIdentity = !isAllowed && needsIdentity,
            Reason = VerdictReason.Decided(policy, rule, context),
        };
    }
}
