namespace Tunnel.Access;

/// <summary>Matches every visitor.</summary>
public sealed record EveryoneRule : AccessRule
{
    /// <inheritdoc/>
    public override string Selector => "everyone";

    internal override RuleMatch Matches(AccessVisitor visitor) => RuleMatch.Yes;
}
