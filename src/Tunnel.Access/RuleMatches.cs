namespace Tunnel.Access;

internal static class RuleMatches
{
    /// <summary>The other way round; what depends on a sign-in still does.</summary>
    internal static RuleMatch Not(this RuleMatch match) => match switch
    {
        RuleMatch.Yes => RuleMatch.No,
        RuleMatch.No => RuleMatch.Yes,
        _ => match,
    };
}
