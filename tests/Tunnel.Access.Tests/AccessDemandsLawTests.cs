using System.Text.Json;
using CsCheck;

namespace Tunnel.Access.Tests;

/// <summary>What a purpose and an approval can do for a visitor, whatever the policies are.</summary>
public class AccessDemandsLawTests
{
    private const int Iterations = 20_000;

    /// <summary>Policies of which some ask for a purpose, an approval, or both, as a policy's document does.</summary>
    private static readonly Gen<List<AccessPolicy>> s_asking =
        Gen.Select(AccessGen.Policy, Gen.Bool, Gen.Bool, Asking)
            .List[0, 5].Select(list => list.Select((policy, i) => policy with { Precedence = i + 1 }).ToList());

    /// <summary>A demand that is met leaves exactly the policy's own rules, so nobody enters whom those refuse.</summary>
    [Fact]
    public void An_approval_lets_nobody_in_whom_the_rules_refuse() =>
        Gen.Select(AccessGen.Policy, AccessGen.Groups, AccessGen.Visitor).Sample((policy, groups, visitor) =>
        {
            var own = policy with { Decision = AccessDecision.Allow };
            var approved = AccessDemands.WithApproval(Asking(own, purpose: false, approval: true));
            return PolicyEvaluator.Evaluate([approved], visitor, groups).IsAllowed == PolicyEvaluator.Evaluate([own], visitor, groups).IsAllowed;
        }, iter: Iterations);

    [Fact]
    public void A_policy_that_waits_for_an_approval_lets_nobody_in() =>
        Gen.Select(AccessGen.Policy, AccessGen.Groups, AccessGen.Visitor, Gen.Bool).Sample((policy, groups, visitor, purpose) =>
        {
            var waiting = Asking(policy, purpose, approval: true);
            return !PolicyEvaluator.Evaluate([AccessDemands.WithPurpose(waiting)], visitor, groups).IsAllowed;
        }, iter: Iterations);

    /// <summary>However many are approved for however much: what a deny matches enters by no allow behind it.</summary>
    [Fact]
    public void A_deny_that_comes_first_still_wins_over_whoever_is_approved() =>
        Gen.Select(s_asking, AccessGen.Policy, AccessGen.Groups, AccessGen.Visitor).Sample((policies, policy, groups, visitor) =>
        {
            var deny = policy with { Decision = AccessDecision.Deny, Precedence = 0 };
            var open = policies.Where(p => p.Decision is AccessDecision.Bypass or AccessDecision.NonIdentity).ToList();
            var approved = policies.Select(AccessDemands.WithPurpose).Select(AccessDemands.WithApproval);
            return PolicyEvaluator.Evaluate([deny], visitor, groups).Policy is null
                || PolicyEvaluator.Evaluate([deny, .. approved], visitor, groups).IsAllowed == PolicyEvaluator.Evaluate(open, visitor, groups).IsAllowed;
        }, iter: Iterations);

    [Fact]
    public void Only_allow_policies_ask_people_for_something_and_what_asks_for_nothing_stays_as_it_is() =>
        s_asking.Sample(policies => policies.TrueForAll(policy =>
            (policy.Decision == AccessDecision.Allow || (!AccessDemands.AsksForApproval(policy) && !AccessDemands.AsksForPurpose(policy)))
            && (AccessDemands.AsksForApproval(policy) || ReferenceEquals(policy, AccessDemands.WithApproval(policy)))
            && (AccessDemands.AsksForPurpose(policy) || ReferenceEquals(policy, AccessDemands.WithPurpose(policy)))), iter: Iterations);

    /// <summary>Which of the two comes first makes no difference, and neither stands in for the other.</summary>
    [Fact]
    public void A_purpose_and_an_approval_are_met_each_by_itself_in_any_order() =>
        Gen.Select(AccessGen.Policy, AccessGen.Groups, AccessGen.Visitor).Sample((policy, groups, visitor) =>
        {
            var both = Asking(policy with { Decision = AccessDecision.Allow }, purpose: true, approval: true);
            var one = AccessDemands.WithApproval(AccessDemands.WithPurpose(both));
            var other = AccessDemands.WithPurpose(AccessDemands.WithApproval(both));
            return one.Require.SequenceEqual(other.Require) && AccessDemands.AsksForPurpose(AccessDemands.WithApproval(both))
                && AccessDemands.AsksForApproval(AccessDemands.WithPurpose(both))
                && !PolicyEvaluator.Evaluate([AccessDemands.WithApproval(both)], visitor, groups).IsAllowed;
        }, iter: Iterations);

    private static AccessPolicy Asking(AccessPolicy policy, bool purpose, bool approval)
    {
        using var document = JsonDocument.Parse(
            $$"""{"purpose_justification_required":{{(purpose ? "true" : "false")}},"approval_required":{{(approval ? "true" : "false")}}}""");
        return policy with { Require = [.. policy.Require, .. AccessDemands.Of(policy.Decision, document.RootElement, null)] };
    }
}
