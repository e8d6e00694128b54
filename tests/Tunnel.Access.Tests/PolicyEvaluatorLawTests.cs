using CsCheck;

namespace Tunnel.Access.Tests;

/// <summary>What holds for all policies and all visitors.</summary>
public class PolicyEvaluatorLawTests
{
    private const int Iterations = 20_000;

    [Fact]
    public void No_policies_let_nobody_in() =>
        Gen.Select(AccessGen.Groups, AccessGen.Visitor).Sample(
            (groups, visitor) => !PolicyEvaluator.Evaluate([], visitor, groups).IsAllowed, iter: Iterations);

    [Fact]
    public void Exclude_beats_include() =>
        Gen.Select(AccessGen.Policy, AccessGen.Groups, AccessGen.Visitor).Sample((policy, groups, visitor) =>
        {
            var excluding = policy with { Exclude = [.. policy.Exclude, new EveryoneRule()] };
            return PolicyEvaluator.Evaluate([excluding], visitor, groups) is { IsAllowed: false, Policy: null, NeedsIdentity: false };
        }, iter: Iterations);

    [Fact]
    public void A_rule_that_matches_a_visitor_keeps_them_out_of_every_policy_that_excludes_it() =>
        Gen.Select(AccessGen.Policy, AccessGen.Rule, AccessGen.Groups, AccessGen.Visitor).Sample((policy, rule, groups, visitor) =>
        {
            var alone = policy with { Decision = AccessDecision.Bypass, Include = [rule], Require = [], Exclude = [] };
            var excluding = policy with { Include = [.. policy.Include, rule], Exclude = [.. policy.Exclude, rule] };
            return PolicyEvaluator.Evaluate([alone], visitor, groups).Policy is null
                || PolicyEvaluator.Evaluate([excluding], visitor, groups).Policy is null;
        }, iter: Iterations);

    [Fact]
    public void Another_require_rule_never_makes_a_policy_match_more() =>
        Gen.Select(AccessGen.Policy, AccessGen.Rule, AccessGen.Groups, AccessGen.Visitor).Sample((policy, rule, groups, visitor) =>
        {
            var before = PolicyEvaluator.Evaluate([policy], visitor, groups);
            var after = PolicyEvaluator.Evaluate([policy with { Require = [.. policy.Require, rule] }], visitor, groups);
            return after.Policy is null || before.Policy is not null;
        }, iter: Iterations);

    [Fact]
    public void Another_include_rule_never_makes_a_policy_match_less() =>
        Gen.Select(AccessGen.Policy, AccessGen.Rule, AccessGen.Groups, AccessGen.Visitor).Sample((policy, rule, groups, visitor) =>
        {
            var before = PolicyEvaluator.Evaluate([policy], visitor, groups);
            var after = PolicyEvaluator.Evaluate([policy with { Include = [.. policy.Include, rule] }], visitor, groups);
            return before.Policy is null || after.Policy is not null;
        }, iter: Iterations);

    [Fact]
    public void A_deny_policy_never_lets_anyone_in() =>
        Gen.Select(AccessGen.Policies, AccessGen.Policy, Gen.Int[0, 5], AccessGen.Groups, AccessGen.Visitor)
            .Sample((policies, policy, place, groups, visitor) =>
            {
                var more = policies.ToList();
                more.Insert(Math.Min(place, more.Count), policy with { Decision = AccessDecision.Deny });
                return NeverMore(
                    PolicyEvaluator.Evaluate(policies, visitor, groups), PolicyEvaluator.Evaluate(more, visitor, groups));
            }, iter: Iterations);

    [Fact]
    public void The_order_of_rules_in_a_list_never_matters() =>
        Gen.Select(AccessGen.Policies, AccessGen.Groups, AccessGen.Visitor).Sample((policies, groups, visitor) =>
        {
            var reversed = policies.Select(p => p with
            {
                Include = [.. p.Include.Reverse()],
                Require = [.. p.Require.Reverse()],
                Exclude = [.. p.Exclude.Reverse()],
            }).ToList();
            var reversedGroups = Change(groups, g => g with
            {
                Include = [.. g.Include.Reverse()],
                Require = [.. g.Require.Reverse()],
                Exclude = [.. g.Exclude.Reverse()],
            });
            var one = PolicyEvaluator.Evaluate(policies, visitor, groups);
            var other = PolicyEvaluator.Evaluate(reversed, visitor, reversedGroups);
            var samePolicy = policies.FindIndex(p => ReferenceEquals(p, one.Policy))
                == reversed.FindIndex(p => ReferenceEquals(p, other.Policy));
            return one.IsAllowed == other.IsAllowed && one.NeedsIdentity == other.NeedsIdentity && samePolicy;
        }, iter: Iterations);

    [Fact]
    public void A_selector_that_is_not_known_never_lets_anyone_in_wherever_it_is_put() =>
        Gen.Select(AccessGen.Policies, AccessGen.Groups, AccessGen.Visitor, Gen.Int[0, 4], Gen.Int[0, 5])
            .Sample((policies, groups, visitor, index, place) =>
            {
                AccessRule[] rule = [new UnknownRule("weather", "{}")];
                IReadOnlyList<AccessRule> With(IReadOnlyList<AccessRule> rules, bool isHere) => isHere ? [.. rules, .. rule] : rules;
                var more = policies.Select((p, i) => i != index ? p : p with
                {
                    Include = With(p.Include, place == 0),
                    Require = With(p.Require, place == 1),
                    Exclude = With(p.Exclude, place == 2),
                }).ToList();
                var moreGroups = Change(groups, g => g with
                {
                    Include = With(g.Include, place == 3),
                    Require = With(g.Require, place == 4),
                    Exclude = With(g.Exclude, place == 5),
                });
                return NeverMore(
                    PolicyEvaluator.Evaluate(policies, visitor, groups), PolicyEvaluator.Evaluate(more, visitor, moreGroups));
            }, iter: Iterations);

    [Fact]
    public void Not_knowing_a_fact_about_a_visitor_never_lets_them_in() =>
        Gen.Select(AccessGen.Policies, AccessGen.Groups, AccessGen.Visitor, Gen.Int[0, 7]).Sample((policies, groups, visitor, fact) =>
        {
            var unknown = fact switch
            {
                0 => visitor with { Address = null },
                1 => visitor with { Country = null },
                2 => visitor with { Certificate = null },
                3 => visitor with { LoginMethodId = null },
                4 => visitor with { AuthenticationMethods = null },
                5 => visitor with { IdentityGroups = null },
                6 => visitor with { Claims = null },
                _ => visitor with { ExternalEvaluations = null },
            };
            return NeverMore(
                PolicyEvaluator.Evaluate(policies, visitor, groups), PolicyEvaluator.Evaluate(policies, unknown, groups));
        }, iter: 5 * Iterations);

    [Fact]
    public void Groups_that_are_not_there_never_let_anyone_in() =>
        Gen.Select(AccessGen.Policies, AccessGen.Groups, AccessGen.Visitor).Sample((policies, groups, visitor) =>
            NeverMore(PolicyEvaluator.Evaluate(policies, visitor, groups), PolicyEvaluator.Evaluate(policies, visitor)), iter: Iterations);

    [Fact]
    public void A_group_says_what_its_rules_would_say_in_its_place() =>
        Gen.Select(AccessGen.Decision, AccessGen.Groups, AccessGen.Visitor).Sample((decision, groups, visitor) =>
        {
            var policy = new AccessPolicy { Id = "id", Name = "generated", Decision = decision, Include = [new GroupRule("a")] };
            var group = groups.Find("a")!;
            var named = PolicyEvaluator.Evaluate([policy], visitor, groups);
            var spelled = PolicyEvaluator.Evaluate(
                [policy with { Include = group.Include, Require = group.Require, Exclude = group.Exclude }], visitor, groups);
            return groups.IsUsable("a")
                ? named.IsAllowed == spelled.IsAllowed && named.NeedsIdentity == spelled.NeedsIdentity
                : !named.IsAllowed;
        }, iter: Iterations);

    [Fact]
    public void A_visitor_who_is_told_that_no_sign_in_helps_is_refused_after_any_sign_in() =>
        Gen.Select(AccessGen.Policies, AccessGen.Groups, AccessGen.SigningIn).Sample((policies, groups, visitor) =>
        {
            var verdict = PolicyEvaluator.Evaluate(policies, visitor.Before, groups);
            return verdict.IsAllowed || verdict.NeedsIdentity
                || !PolicyEvaluator.Evaluate(policies, visitor.After, groups).IsAllowed;
        }, iter: 5 * Iterations);

    [Fact]
    public void Who_gets_in_is_let_in_by_a_policy_that_does_not_deny_and_by_one_of_its_include_rules() =>
        Gen.Select(AccessGen.Policies, AccessGen.Groups, AccessGen.Visitor).Sample((policies, groups, visitor) =>
        {
            var verdict = PolicyEvaluator.Evaluate(policies, visitor, groups);
            return verdict.Policy is null
                ? !verdict.IsAllowed && verdict.Rule is null
                : policies.Contains(verdict.Policy)
                    && verdict.Policy.Include.Contains(verdict.Rule)
                    && verdict.IsAllowed == (verdict.Policy.Decision != AccessDecision.Deny);
        }, iter: Iterations);

    [Fact]
    public void Nobody_gets_in_by_allow_without_a_sign_in_or_by_service_auth_without_a_token_or_certificate() =>
        Gen.Select(AccessGen.Policies, AccessGen.Groups, AccessGen.Visitor).Sample((policies, groups, visitor) =>
            PolicyEvaluator.Evaluate(policies, visitor, groups) switch
            {
                { IsAllowed: true, Policy.Decision: AccessDecision.Allow } => visitor.IsSignedIn,
                { IsAllowed: true, Policy.Decision: AccessDecision.NonIdentity } =>
                    visitor.ServiceTokenId is not null || visitor.Certificate is { IsPresent: true },
                _ => true,
            }, iter: Iterations);

    [Fact]
    public void Every_endpoint_whose_answer_could_matter_is_asked() =>
        Gen.Select(AccessGen.Policies, AccessGen.Groups, AccessGen.Visitor, Gen.Bool).Sample((policies, groups, visitor, answer) =>
        {
            var answered = visitor with
            {
                ExternalEvaluations = new Dictionary<ExternalEvaluationRule, bool> { [AccessGen.External] = answer },
            };
            var unasked = visitor with { ExternalEvaluations = null };
            return PolicyEvaluator.ExternalEvaluations(policies, groups).Count > 0
                || PolicyEvaluator.Evaluate(policies, answered, groups).IsAllowed
                    == PolicyEvaluator.Evaluate(policies, unasked, groups).IsAllowed;
        }, iter: Iterations);

    private static bool NeverMore(AccessVerdict before, AccessVerdict after) => before.IsAllowed || !after.IsAllowed;

    private static AccessGroups Change(AccessGroups groups, Func<AccessGroup, AccessGroup> change) =>
        new(new[] { "a", "b", "c", "d" }.Select(id => change(groups.Find(id)!)));
}
