namespace Tunnel.Access;

/// <summary>
/// Says whether the policies of an application let a visitor in. Bypass and non_identity policies are looked at first,
/// then allow and deny policies, each by precedence; the first that matches decides; if none does, or there is none, the
/// visitor is refused.
/// </summary>
/// <remarks>
/// What cannot be told never lets anyone in: a selector that is not known, or a range of addresses when the visitor's is
/// not known, satisfies no include or require rule and excludes where it is an exclude rule; in a deny policy it is the
/// other way round. An allow policy matches only a visitor who has signed in, a non_identity policy only one with a
/// valid service token.
/// </remarks>
public static class PolicyEvaluator
{
    /// <summary>Evaluates the policies for one visitor.</summary>
    public static AccessVerdict Evaluate(IReadOnlyList<AccessPolicy> policies, AccessVisitor visitor)
    {
        ArgumentNullException.ThrowIfNull(policies);
        ArgumentNullException.ThrowIfNull(visitor);
        var needsIdentity = false;
        foreach (var policy in policies.OrderBy(Phase).ThenBy(p => p.Precedence))
        {
            var match = PolicyMatch.Of(policy, visitor);
            needsIdentity |= match.Outcome == RuleMatch.NeedsIdentity && policy.Decision != AccessDecision.Deny;
            if (match.Outcome == RuleMatch.Yes)
            {
                return Decided(policy, match.Rule!, policy.Decision != AccessDecision.Deny, needsIdentity);
            }
        }
        return new AccessVerdict
        {
            IsAllowed = false,
            NeedsIdentity = needsIdentity,
            Reason = VerdictReason.NoneMatched(policies, visitor, needsIdentity),
        };
    }

    private static int Phase(AccessPolicy policy) =>
        policy.Decision is AccessDecision.Bypass or AccessDecision.NonIdentity ? 0 : 1;

    private static AccessVerdict Decided(AccessPolicy policy, AccessRule rule, bool isAllowed, bool needsIdentity) => new()
    {
        IsAllowed = isAllowed,
        Policy = policy,
        Rule = rule,
        NeedsIdentity = !isAllowed && needsIdentity,
        Reason = $"{VerdictReason.Name(policy)} matched by its rule '{rule}'.",
    };
}
