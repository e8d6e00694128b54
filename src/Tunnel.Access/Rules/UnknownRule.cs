namespace Tunnel.Access;

/// <summary>
/// A selector that this evaluator does not know, or a known one with members that it does not know. It survives reading
/// and writing. It never helps anyone in: no include or require rule is satisfied by it, an exclude rule of this kind
/// excludes, and in a deny policy it counts against the visitor.
/// </summary>
/// <param name="Name">The selector's name in the API.</param>
/// <param name="Json">The value under that name, as JSON text without white space between its parts.</param>
public sealed record UnknownRule(string Name, string Json) : AccessRule
{
    /// <inheritdoc/>
    public override string Selector => Name;

    internal override RuleMatch Matches(AccessVisitor visitor) => RuleMatch.Unknown;
}
