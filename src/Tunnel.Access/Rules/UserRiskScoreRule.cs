using System.Text.Json;

namespace Tunnel.Access;

/// <summary>Matches visitors whose behaviour was rated. The ratings are known at Cloudflare only.</summary>
/// <param name="Levels">The ratings that match: <c>low</c>, <c>medium</c>, <c>high</c>, <c>unscored</c>.</param>
public sealed record UserRiskScoreRule(IReadOnlyList<string> Levels) : AccessRule
{
    /// <inheritdoc/>
    public override string Selector => "user_risk_score";

    internal override string WhyUnknown => "the risk of users is not known here";

    internal override RuleMatch Matches(AccessVisitor visitor) => RuleMatch.Unknown;

    internal override void WriteMembers(Utf8JsonWriter writer)
    {
        writer.WriteStartArray("user_risk_score");
        foreach (var level in Levels)
        {
            writer.WriteStringValue(level);
        }
        writer.WriteEndArray();
    }

    /// <summary>The same levels in the same order.</summary>
    public bool Equals(UserRiskScoreRule? other) => other is not null && Levels.SequenceEqual(other.Levels, StringComparer.Ordinal);

    public override int GetHashCode() => Levels.Aggregate(0, HashCode.Combine);
}
