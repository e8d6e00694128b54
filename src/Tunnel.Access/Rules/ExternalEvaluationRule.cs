using System.Text.Json;

namespace Tunnel.Access;

/// <summary>
/// Matches visitors of whom an endpoint of the account's owner says so. The evaluator asks nobody: whoever calls it asks
/// first, and passes the answers in <see cref="AccessVisitor.ExternalEvaluations"/>.
/// </summary>
/// <param name="EvaluateUrl">The endpoint that answers.</param>
/// <param name="KeysUrl">Where the keys are that its answers are signed with.</param>
public sealed record ExternalEvaluationRule(string EvaluateUrl, string KeysUrl) : AccessRule
{
    /// <inheritdoc/>
    public override string Selector => "external_evaluation";

    internal override string WhyUnknown => "its endpoint was not asked, or gave no answer that holds";

    // Endpoints are asked about people who have signed in, and about machines; about a stranger there is nothing to ask.
    internal override RuleMatch Matches(AccessVisitor visitor) =>
        visitor.ExternalEvaluations?.TryGetValue(this, out var answer) == true ? Match(answer)
        : visitor.IsSignedIn || visitor.IsMachine ? RuleMatch.Unknown
        : RuleMatch.NeedsIdentity;

    internal override void WriteMembers(Utf8JsonWriter writer)
    {
        writer.WriteString("evaluate_url", EvaluateUrl);
        writer.WriteString("keys_url", KeysUrl);
    }
}
