using CsCheck;

namespace Tunnel.Access.Tests;

/// <summary>What holds for all policies and all visitors.</summary>
public class PolicyEvaluatorLawTests
{
    private const int Iterations = 20_000;

    private static readonly string?[] Emails = ["alice@example.com", "bob@example.org", "carol@example.com", "dora@example.net"];

    [Fact]
    public void No_policies_let_nobody_in() =>
        AccessGen.Visitor.Sample(visitor => !PolicyEvaluator.Evaluate([], visitor).IsAllowed, iter: Iterations);

    [Fact]
    public void Exclude_beats_include() =>
        Gen.Select(AccessGen.Policy, AccessGen.Visitor).Sample((policy, visitor) =>
        {
            var excluding = policy with { Exclude = [.. policy.Exclude, new EveryoneRule()] };
            return PolicyEvaluator.Evaluate([excluding], visitor) is { IsAllowed: false, Policy: null, NeedsIdentity: false };
        }, iter: Iterations);

    [Fact]
    public void Another_require_rule_never_makes_a_policy_match_more() =>
        Gen.Select(AccessGen.Policy, AccessGen.Rule, AccessGen.Visitor).Sample((policy, rule, visitor) =>
        {
            var before = PolicyEvaluator.Evaluate([policy], visitor);
            var after = PolicyEvaluator.Evaluate([policy with { Require = [.. policy.Require, rule] }], visitor);
            return after.Policy is null || before.Policy is not null;
        }, iter: Iterations);

    [Fact]
    public void Another_include_rule_never_makes_a_policy_match_less() =>
        Gen.Select(AccessGen.Policy, AccessGen.Rule, AccessGen.Visitor).Sample((policy, rule, visitor) =>
        {
            var before = PolicyEvaluator.Evaluate([policy], visitor);
            var after = PolicyEvaluator.Evaluate([policy with { Include = [.. policy.Include, rule] }], visitor);
            return before.Policy is null || after.Policy is not null;
        }, iter: Iterations);

    [Fact]
    public void A_deny_policy_never_lets_anyone_in() =>
        Gen.Select(AccessGen.Policies, AccessGen.Policy, Gen.Int[0, 5], AccessGen.Visitor).Sample((policies, policy, place, visitor) =>
        {
            var more = policies.ToList();
            more.Insert(Math.Min(place, more.Count), policy with { Decision = AccessDecision.Deny });
            return PolicyEvaluator.Evaluate(policies, visitor).IsAllowed || !PolicyEvaluator.Evaluate(more, visitor).IsAllowed;
        }, iter: Iterations);

    [Fact]
    public void The_order_of_rules_in_a_list_never_matters() =>
        Gen.Select(AccessGen.Policies, AccessGen.Visitor).Sample((policies, visitor) =>
        {
            var reversed = policies.Select(p => p with
            {
                Include = [.. p.Include.Reverse()],
                Require = [.. p.Require.Reverse()],
                Exclude = [.. p.Exclude.Reverse()],
            }).ToList();
            var one = PolicyEvaluator.Evaluate(policies, visitor);
            var other = PolicyEvaluator.Evaluate(reversed, visitor);
            var samePolicy = policies.FindIndex(p => ReferenceEquals(p, one.Policy))
                == reversed.FindIndex(p => ReferenceEquals(p, other.Policy));
            return one.IsAllowed == other.IsAllowed && one.NeedsIdentity == other.NeedsIdentity && samePolicy;
        }, iter: Iterations);

    [Fact]
    public void A_selector_that_is_not_known_never_lets_anyone_in() =>
        Gen.Select(AccessGen.Policies, AccessGen.Visitor, Gen.Int[0, 4], Gen.Int[0, 2]).Sample((policies, visitor, index, part) =>
        {
            if (index >= policies.Count)
            {
                return true;
            }
            var rule = new UnknownRule("device_posture", "{}");
            var policy = policies[index];
            var more = policies.ToList();
            more[index] = (part, policy.Decision) switch
            {
                // A rule that narrows a deny policy lets more people in, whatever it is: that is what it is for.
                (0, _) => policy with { Include = [.. policy.Include, rule] },
                (1, _) => policy with { Require = [.. policy.Require, rule] },
                _ => policy with { Exclude = [.. policy.Exclude, rule] },
            };
            return PolicyEvaluator.Evaluate(policies, visitor).IsAllowed || !PolicyEvaluator.Evaluate(more, visitor).IsAllowed;
        }, iter: Iterations);

    [Fact]
    public void A_visitor_who_is_told_that_no_sign_in_helps_is_refused_whoever_signs_in() =>
        Gen.Select(AccessGen.Policies, AccessGen.Visitor).Sample((policies, visitor) =>
        {
            var verdict = PolicyEvaluator.Evaluate(policies, visitor with { Email = null });
            return verdict.IsAllowed || verdict.NeedsIdentity
                || Emails.All(e => !PolicyEvaluator.Evaluate(policies, visitor with { Email = e }).IsAllowed);
        }, iter: Iterations);

    [Fact]
    public void Who_gets_in_is_let_in_by_a_policy_that_does_not_deny_and_by_one_of_its_include_rules() =>
        Gen.Select(AccessGen.Policies, AccessGen.Visitor).Sample((policies, visitor) =>
        {
            var verdict = PolicyEvaluator.Evaluate(policies, visitor);
            return verdict.Policy is null
                ? !verdict.IsAllowed && verdict.Rule is null
                : policies.Contains(verdict.Policy)
                    && verdict.Policy.Include.Contains(verdict.Rule)
                    && verdict.IsAllowed == (verdict.Policy.Decision != AccessDecision.Deny);
        }, iter: Iterations);

    [Fact]
    public void Nobody_gets_in_by_allow_without_a_sign_in_or_by_service_auth_without_a_token() =>
        Gen.Select(AccessGen.Policies, AccessGen.Visitor).Sample((policies, visitor) =>
            PolicyEvaluator.Evaluate(policies, visitor) switch
            {
                { IsAllowed: true, Policy.Decision: AccessDecision.Allow } => visitor.IsSignedIn,
                { IsAllowed: true, Policy.Decision: AccessDecision.NonIdentity } => visitor.ServiceTokenId is not null,
                _ => true,
            }, iter: Iterations);
}
