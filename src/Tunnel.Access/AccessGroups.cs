using System.Collections.Frozen;

namespace Tunnel.Access;

/// <summary>
/// The groups that group rules may name, by id. Immutable. A group that contains itself, through others or not, or whose
/// groups are nested deeper than <see cref="MaxNesting"/>, cannot be evaluated: it counts as not known, and so never helps
/// anyone in.
/// </summary>
public sealed class AccessGroups
{
    /// <summary>Deepest nesting: a group of people alone counts one, a group of such groups two.</summary>
    public const int MaxNesting = 8;

    private readonly FrozenDictionary<string, AccessGroup> _all;
    private readonly FrozenSet<string> _usable;

    public AccessGroups(IEnumerable<AccessGroup> groups)
    {
        _all = groups.DistinctBy(group => group.Id, StringComparer.OrdinalIgnoreCase)
            .ToFrozenDictionary(group => group.Id, StringComparer.OrdinalIgnoreCase);
        _usable = Usable(_all);
    }

    /// <summary>No groups: a group rule matches nobody.</summary>
    public static AccessGroups None { get; } = new([]);

    /// <summary>All of them, in no order.</summary>
    public IReadOnlyCollection<AccessGroup> All => _all.Values;

    /// <summary>The group of that id, whether it can be evaluated or not; null when there is none.</summary>
    public AccessGroup? Find(string id) => _all.GetValueOrDefault(id);

    /// <summary>Whether the group is there, is not part of itself, and is not nested too deep.</summary>
    public bool IsUsable(string id) => _usable.Contains(id);

    // Level by level, from the groups without groups upwards: a circle is never reached, and nothing recurses.
    private static FrozenSet<string> Usable(FrozenDictionary<string, AccessGroup> all)
    {
        var waiting = all.Values.ToDictionary(
            group => group.Id,
            group => group.Rules.OfType<GroupRule>().Select(rule => rule.GroupId).Where(all.ContainsKey).ToArray(),
            StringComparer.OrdinalIgnoreCase);
        var usable = new HashSet<string>(StringComparer.OrdinalIgnoreCase);
        for (var level = 0; level < MaxNesting && waiting.Count > 0; level++)
        {
            var ready = waiting.Where(group => Array.TrueForAll(group.Value, usable.Contains)).Select(group => group.Key).ToArray();
            foreach (var id in ready)
            {
                waiting.Remove(id);
            }
            usable.UnionWith(ready);
        }
        return usable.ToFrozenSet(StringComparer.OrdinalIgnoreCase);
    }
}
