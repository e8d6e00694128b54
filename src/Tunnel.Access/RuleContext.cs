namespace Tunnel.Access;

/// <summary>
/// Evaluates rules for one visitor, by the lists and groups that they name; each group at most twice: once where not knowing
/// must count as no, once where it must count as yes.
/// </summary>
internal sealed class RuleContext(AccessVisitor visitor, AccessGroups groups, AccessLists lists)
{
    private readonly Dictionary<(string Id, RuleMatch Unknown), RuleMatch> _known = [];

    public AccessVisitor Visitor => visitor;

    /// <param name="rule">The rule.</param>
    /// <param name="unknown">
    /// What counts against the visitor where the rule stands: <see cref="RuleMatch.No"/> or <see cref="RuleMatch.Yes"/>.
    /// </param>
    public RuleMatch Match(AccessRule rule, RuleMatch unknown) =>
        rule is GroupRule named ? MatchGroup(named, unknown)
        : Matches(rule) is var match and not RuleMatch.Unknown ? match
        : unknown;

    /// <summary>The short form, with a group's or list's name where its id stands.</summary>
    public string Name(AccessRule rule) => rule switch
    {
        GroupRule named when groups.Find(named.GroupId) is { } group => $"group:{group.Name}",
        ListRule named when lists.Find(named.ListId) is { } list => $"{rule.Selector}:{list.Name}",
        _ => rule.ToString(),
    };

    /// <summary>Why the rule cannot be told for this visitor, perhaps by a rule inside of its group; null where it can.</summary>
    public string? WhyUnknown(AccessRule rule) =>
        Match(rule, RuleMatch.No) == Match(rule, RuleMatch.Yes) ? null : WhyUnknown(rule, []);

    // A list of the other kind holds nothing that the rule could be about.
    private RuleMatch Matches(AccessRule rule) =>
        rule is not ListRule named ? rule.Matches(visitor)
        : lists.Find(named.ListId) is { } list && list.Kind == named.Kind ? named.MatchesList(visitor, list)
        : RuleMatch.Unknown;

    private RuleMatch MatchGroup(GroupRule named, RuleMatch unknown)
    {
        if (!groups.IsUsable(named.GroupId) || groups.Find(named.GroupId) is not { } group)
        {
            return unknown;
        }
        if (!_known.TryGetValue((group.Id, unknown), out var match))
        {
            match = Any(group.Include, unknown);
            foreach (var rule in group.Require)
            {
                match = Least(match, Match(rule, unknown));
            }
            foreach (var rule in group.Exclude)
            {
                match = Least(match, Match(rule, unknown.Not()).Not());
            }
            _known.Add((group.Id, unknown), match);
        }
        return match;
    }

    private RuleMatch Any(IReadOnlyList<AccessRule> rules, RuleMatch unknown)
    {
        var greatest = RuleMatch.No;
        foreach (var rule in rules)
        {
            var match = Match(rule, unknown);
            greatest = match > greatest ? match : greatest;
        }
        return greatest;
    }

    private static RuleMatch Least(RuleMatch one, RuleMatch other) => one < other ? one : other;

    private string? WhyUnknown(ListRule? rule) => rule is null || lists.Find(rule.ListId) is not { } list ? null
        : list.Kind == rule.Kind ? "the visitor's address is not known"
        : list.Kind == AccessListKind.Ip ? "the list is one of IP addresses" : "the list is one of e-mail addresses";

    private string? WhyUnknown(AccessRule rule, HashSet<string> seen)
    {
        if (rule is not GroupRule named)
        {
            return Matches(rule) == RuleMatch.Unknown ? WhyUnknown(rule as ListRule) ?? rule.WhyUnknown : null;
        }
        if (groups.Find(named.GroupId) is not { } group)
        {
            return rule.WhyUnknown;
        }
        if (!groups.IsUsable(group.Id))
        {
            return "the group contains itself, or its groups are nested too deep";
        }
        if (!seen.Add(group.Id))
        {
            return null;
        }
        foreach (var inner in group.Rules)
        {
            if (WhyUnknown(inner, seen) is { } why)
            {
                return inner is GroupRule ? why : $"of its rule '{Name(inner)}', {why}";
            }
        }
        return null;
    }
}
