using System.Text;

namespace Tunnel.Access;

/// <summary>Says in words why a policy decided, or why none did.</summary>
internal static class VerdictReason
{
    private const int MostPolicies = 8;
    private const int MostRules = 3;

    internal static string Decided(AccessPolicy policy, AccessRule rule, RuleContext context)
    {
        var text = $"{Name(policy)} matched by its rule '{context.Name(rule)}'";
        // Only a deny policy matches by what is not known.
        return policy.Decision == AccessDecision.Deny && context.WhyUnknown(rule) is { } why
            ? $"{text}, which counts against the visitor: {why}."
            : text + ".";
    }

    internal static string NoneMatched(IReadOnlyList<AccessPolicy> policies, RuleContext context, bool needsIdentity)
    {
        if (policies.Count == 0)
        {
            return "The application has no policies, so it lets nobody in.";
        }
        var text = new StringBuilder(needsIdentity ? "No policy matched before a sign-in." : "No policy matched.");
        foreach (var policy in policies.Take(MostPolicies))
        {
            text.Append(' ').Append(Name(policy)).Append(' ')
                .Append(Why(policy, PolicyMatch.Of(policy, context), context)).Append('.');
        }
        return policies.Count > MostPolicies ? text.Append(" And so on.").ToString() : text.ToString();
    }

    private static string Name(AccessPolicy policy) => $"Policy '{policy.Name}' ({policy.Decision.ToApiString()})";

    private static string Why(AccessPolicy policy, PolicyMatch match, RuleContext context) => match switch
    {
        { Part: PolicyPart.MachineProof } => "wants a valid service token or client certificate",
        { Part: PolicyPart.SignIn } => "wants a sign-in",
        { Part: PolicyPart.Exclude, Outcome: RuleMatch.NeedsIdentity } =>
            $"wants a sign-in, since it excludes '{context.Name(match.Rule!)}'",
        { Part: PolicyPart.Exclude } => $"excludes {Rule(match.Rule!, context)}",
        { Part: PolicyPart.Require, Outcome: RuleMatch.NeedsIdentity } =>
            $"wants a sign-in, since it requires '{context.Name(match.Rule!)}'",
        { Part: PolicyPart.Require } => $"requires {Rule(match.Rule!, context)}",
        { Outcome: RuleMatch.NeedsIdentity } => $"wants a sign-in, for its rule '{context.Name(match.Rule!)}'",
        _ => "includes no rule that matches" + Unknown(policy.Include, context),
    };

    private static string Rule(AccessRule rule, RuleContext context) =>
        $"'{context.Name(rule)}'" + (context.WhyUnknown(rule) is { } why ? $", and {why}" : "");

    private static string Unknown(IEnumerable<AccessRule> rules, RuleContext context)
    {
        var unknown = rules
            .Select(rule => context.WhyUnknown(rule) is { } why ? $"'{context.Name(rule)}': {why}" : null)
            .OfType<string>().Take(MostRules).ToArray();
        return unknown.Length == 0 ? "" : $" ({string.Join("; ", unknown)})";
    }
}
