using System.Text;

namespace Tunnel.Access;

/// <summary>Says in words why no policy decided.</summary>
internal static class VerdictReason
{
    private const int MostPolicies = 8;

    internal static string Name(AccessPolicy policy) => $"Policy '{policy.Name}' ({policy.Decision.ToApiString()})";

    internal static string NoneMatched(IReadOnlyList<AccessPolicy> policies, AccessVisitor visitor, bool needsIdentity)
    {
        if (policies.Count == 0)
        {
            return "The application has no policies, so it lets nobody in.";
        }
        var text = new StringBuilder(needsIdentity ? "No policy matched before a sign-in." : "No policy matched.");
        foreach (var policy in policies.Take(MostPolicies))
        {
            text.Append(' ').Append(Name(policy)).Append(' ').Append(Why(PolicyMatch.Of(policy, visitor))).Append('.');
        }
        return policies.Count > MostPolicies ? text.Append(" And so on.").ToString() : text.ToString();
    }

    private static string Why(PolicyMatch match) => match switch
    {
        { Part: PolicyPart.ServiceToken } => "wants a valid service token",
        { Part: PolicyPart.SignIn } => "wants a sign-in",
        { Part: PolicyPart.Exclude, Outcome: RuleMatch.NeedsIdentity } => $"wants a sign-in, since it excludes '{match.Rule}'",
        { Part: PolicyPart.Exclude, Rule: UnknownRule rule } => $"excludes '{rule.Name}', which is not known here",
        { Part: PolicyPart.Exclude } => $"excludes '{match.Rule}'",
        { Part: PolicyPart.Require, Outcome: RuleMatch.NeedsIdentity } => $"wants a sign-in, since it requires '{match.Rule}'",
        { Part: PolicyPart.Require, Rule: UnknownRule rule } => $"requires '{rule.Name}', which is not known here",
        { Part: PolicyPart.Require } => $"requires '{match.Rule}'",
        { Outcome: RuleMatch.NeedsIdentity } => $"wants a sign-in, for its rule '{match.Rule}'",
        _ => "includes no rule that matches",
    };
}
