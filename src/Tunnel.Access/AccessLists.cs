using System.Collections.Frozen;

namespace Tunnel.Access;

/// <summary>The lists that list rules may name, by id. Immutable.</summary>
public sealed class AccessLists
{
    private readonly FrozenDictionary<string, AccessList> _all;

    public AccessLists(IEnumerable<AccessList> lists) =>
        _all = lists.DistinctBy(list => list.Id, StringComparer.OrdinalIgnoreCase)
            .ToFrozenDictionary(list => list.Id, StringComparer.OrdinalIgnoreCase);

    /// <summary>No lists: a list rule matches nobody.</summary>
    public static AccessLists None { get; } = new([]);

    /// <summary>The list of that id; null when there is none.</summary>
    public AccessList? Find(string id) => _all.GetValueOrDefault(id);
}
