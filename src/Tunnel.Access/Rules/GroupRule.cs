using System.Text.Json;

namespace Tunnel.Access;

/// <summary>Matches visitors whom an Access group matches. The groups come to the evaluator as <see cref="AccessGroups"/>.</summary>
/// <param name="GroupId">The group's id in the API.</param>
public sealed record GroupRule(string GroupId) : AccessRule
{
    /// <inheritdoc/>
    public override string Selector => "group";

    internal override string WhyUnknown => "there is no such group here";

    internal override RuleMatch Matches(AccessVisitor visitor) => RuleMatch.Unknown;

    internal override void WriteMembers(Utf8JsonWriter writer) => writer.WriteString("id", GroupId);

    /// <summary>Equal ids, whatever their case.</summary>
    public bool Equals(GroupRule? other) => string.Equals(GroupId, other?.GroupId, StringComparison.OrdinalIgnoreCase);

    public override int GetHashCode() => StringComparer.OrdinalIgnoreCase.GetHashCode(GroupId);
}
