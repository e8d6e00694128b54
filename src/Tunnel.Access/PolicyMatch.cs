namespace Tunnel.Access;

/// <summary>How one policy fits one visitor.</summary>
/// <param name="Outcome">Yes, no, or yes if the right person signed in.</param>
/// <param name="Rule">The rule that settled it: the include rule that matched, or the rule that stood in the way.</param>
/// <param name="Part">The list that the rule is in.</param>
internal readonly record struct PolicyMatch(RuleMatch Outcome, AccessRule? Rule, PolicyPart Part)
{
    internal static PolicyMatch Of(AccessPolicy policy, RuleContext context)
    {
        if (policy.Decision == AccessDecision.NonIdentity && !context.Visitor.IsMachine)
        {
            return new PolicyMatch(RuleMatch.No, null, PolicyPart.MachineProof);
        }
        // Unknown stands against the visitor: it does not let in, and it does not save from a deny policy.
        var unknown = policy.Decision == AccessDecision.Deny ? RuleMatch.Yes : RuleMatch.No;
        var result = new PolicyMatch(RuleMatch.No, null, PolicyPart.Include);
        foreach (var rule in policy.Include)
        {
            var match = context.Match(rule, unknown);
            if (match > result.Outcome)
            {
                result = result with { Outcome = match, Rule = rule };
            }
        }
        foreach (var rule in policy.Require)
        {
            result = result.And(context.Match(rule, unknown), rule, PolicyPart.Require);
        }
        foreach (var rule in policy.Exclude)
        {
            result = result.And(context.Match(rule, unknown.Not()).Not(), rule, PolicyPart.Exclude);
        }
        return policy.Decision == AccessDecision.Allow && !context.Visitor.IsSignedIn
            ? result.And(RuleMatch.NeedsIdentity, result.Rule, PolicyPart.SignIn)
            : result;
    }

    private PolicyMatch And(RuleMatch match, AccessRule? rule, PolicyPart part) =>
        match < Outcome ? new PolicyMatch(match, rule, part) : this;
}
