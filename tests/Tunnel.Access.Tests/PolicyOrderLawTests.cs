using CsCheck;

namespace Tunnel.Access.Tests;

/// <summary>Which of several policies decides: bypass and service auth first, then allow and deny, each by precedence.</summary>
public class PolicyOrderLawTests
{
    private const int Iterations = 20_000;

    /// <summary>Policies of which no two have the same precedence, as the API keeps them.</summary>
    private static readonly Gen<List<AccessPolicy>> s_ordered = AccessGen.Policies.Select(
        policies => policies.Select((policy, i) => policy with { Precedence = i + 1 }).ToList());

    /// <summary>
    /// The law word for word, against each policy judged by itself: the first that matches decides, in this order; where none
    /// does, nobody enters.
    /// </summary>
    [Fact]
    public void Bypass_and_service_auth_come_first_then_allow_and_deny_by_precedence() =>
        Gen.Select(s_ordered, AccessGen.Groups, AccessGen.Visitor).Sample((policies, groups, visitor) =>
        {
            var first = policies.Where(p => p.Decision is AccessDecision.Bypass or AccessDecision.NonIdentity).OrderBy(p => p.Precedence);
            var then = policies.Where(p => p.Decision is AccessDecision.Allow or AccessDecision.Deny).OrderBy(p => p.Precedence);
            var decides = first.Concat(then).FirstOrDefault(p => PolicyEvaluator.Evaluate([p], visitor, groups).Policy is not null);
            var verdict = PolicyEvaluator.Evaluate(policies, visitor, groups);
            return ReferenceEquals(verdict.Policy, decides) && verdict.IsAllowed == (decides is { Decision: not AccessDecision.Deny });
        }, iter: Iterations);

    [Fact]
    public void A_deny_stops_nobody_whom_a_bypass_or_service_auth_lets_in_wherever_it_stands() =>
        Gen.Select(s_ordered, AccessGen.Groups, AccessGen.Visitor).Sample((policies, groups, visitor) =>
        {
            var open = policies.Where(p => p.Decision is AccessDecision.Bypass or AccessDecision.NonIdentity).ToList();
            AccessPolicy deny = new()
            {
                Id = "deny", Name = "deny", Decision = AccessDecision.Deny, Precedence = 0, Include = [new EveryoneRule()],
            };
            return PolicyEvaluator.Evaluate([deny, .. policies], visitor, groups).IsAllowed == PolicyEvaluator.Evaluate(open, visitor, groups).IsAllowed;
        }, iter: Iterations);

    [Fact]
    public void The_order_in_which_policies_are_given_never_matters() =>
        Gen.Select(s_ordered.SelectMany(policies => Gen.Shuffle(policies.ToArray()).Select(shuffled => (policies, shuffled))),
            AccessGen.Groups, AccessGen.Visitor).Sample((both, groups, visitor) =>
        {
            var one = PolicyEvaluator.Evaluate(both.policies, visitor, groups);
            var other = PolicyEvaluator.Evaluate(both.shuffled, visitor, groups);
            return ReferenceEquals(one.Policy, other.Policy) && one.IsAllowed == other.IsAllowed && one.NeedsIdentity == other.NeedsIdentity
                && ReferenceEquals(one.Rule, other.Rule);
        }, iter: Iterations);

    /// <summary>Only the order of precedences counts, not what they are.</summary>
    [Fact]
    public void Precedences_with_gaps_decide_like_precedences_without() =>
        Gen.Select(s_ordered, Gen.Int[1, 1000], AccessGen.Groups, AccessGen.Visitor).Sample((policies, step, groups, visitor) =>
        {
            var spread = policies.Select(p => p with { Precedence = p.Precedence * step }).ToList();
            var (one, other) = (PolicyEvaluator.Evaluate(policies, visitor, groups), PolicyEvaluator.Evaluate(spread, visitor, groups));
            return one.IsAllowed == other.IsAllowed
                && policies.FindIndex(p => ReferenceEquals(p, one.Policy)) == spread.FindIndex(p => ReferenceEquals(p, other.Policy));
        }, iter: Iterations);

    /// <summary>Where a bypass or service auth policy stands among the others makes no difference.</summary>
    [Fact]
    public void An_allow_or_deny_of_lower_precedence_never_comes_before_a_bypass_or_service_auth() =>
        Gen.Select(s_ordered, AccessGen.Groups, AccessGen.Visitor).Sample((policies, groups, visitor) =>
        {
            var moved = policies.Select(p => p.Decision is AccessDecision.Allow or AccessDecision.Deny
                ? p : p with { Precedence = p.Precedence + 1000 }).ToList();
            var (one, other) = (PolicyEvaluator.Evaluate(policies, visitor, groups), PolicyEvaluator.Evaluate(moved, visitor, groups));
            return one.IsAllowed == other.IsAllowed
                && policies.FindIndex(p => ReferenceEquals(p, one.Policy)) == moved.FindIndex(p => ReferenceEquals(p, other.Policy));
        }, iter: Iterations);

    /// <summary>The same rules, in another order in each list: the same policy decides.</summary>
    [Fact]
    public void Rules_in_any_order_leave_the_same_policy_to_decide() =>
        Gen.Select(s_ordered.SelectMany(Shuffled), AccessGen.Groups, AccessGen.Visitor).Sample((both, groups, visitor) =>
        {
            var one = PolicyEvaluator.Evaluate(both.Policies, visitor, groups);
            var other = PolicyEvaluator.Evaluate(both.Shuffled, visitor, groups);
            return one.IsAllowed == other.IsAllowed && one.NeedsIdentity == other.NeedsIdentity
                && one.Policy?.Precedence == other.Policy?.Precedence;
        }, iter: Iterations);

    private static Gen<(List<AccessPolicy> Policies, List<AccessPolicy> Shuffled)> Shuffled(List<AccessPolicy> policies) =>
        Gen.Int[0, int.MaxValue].Select(seed =>
        {
            var random = new Random(seed);
            IReadOnlyList<AccessRule> Mix(IReadOnlyList<AccessRule> rules) => [.. rules.OrderBy(_ => random.Next())];
            return (policies, policies.Select(p => p with
            {
                Include = Mix(p.Include), Require = Mix(p.Require), Exclude = Mix(p.Exclude),
            }).ToList());
        });
}
