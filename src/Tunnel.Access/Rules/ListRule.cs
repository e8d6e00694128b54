using System.Text.Json;

namespace Tunnel.Access;

/// <summary>Matches visitors by a list. The lists come to the evaluator as <see cref="AccessLists"/>.</summary>
/// <param name="ListId">The list's id in the API.</param>
public abstract record ListRule(string ListId) : AccessRule
{
    internal override string WhyUnknown => "there is no such list here";

    /// <summary>What a list that the rule can name holds.</summary>
    internal abstract AccessListKind Kind { get; }

    internal sealed override RuleMatch Matches(AccessVisitor visitor) => RuleMatch.Unknown;

    /// <summary>Whether a visitor matches by what is in the list.</summary>
    internal abstract RuleMatch MatchesList(AccessVisitor visitor, AccessList list);

    internal override void WriteMembers(Utf8JsonWriter writer) => writer.WriteString("id", ListId);

    /// <summary>Equal ids, whatever their case, for the same kind of list.</summary>
    public virtual bool Equals(ListRule? other) =>
        EqualityContract == other?.EqualityContract && string.Equals(ListId, other.ListId, StringComparison.OrdinalIgnoreCase);

    public override int GetHashCode() => HashCode.Combine(EqualityContract, StringComparer.OrdinalIgnoreCase.GetHashCode(ListId));
}
