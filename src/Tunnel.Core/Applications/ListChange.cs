using Tunnel.Access;
using Tunnel.Core.Api;

namespace Tunnel.Core.Applications;

/// <summary>What is to be changed in a list; what is null stays.</summary>
public sealed record ListChange
{
    /// <summary>A new name.</summary>
    public string? Name { get; init; }

    /// <summary>A new description; empty takes it away.</summary>
    public string? Description { get; init; }

    /// <summary>All that the list shall hold.</summary>
    public IReadOnlyList<string>? Replace { get; init; }

    /// <summary>What comes in.</summary>
    public IReadOnlyList<string> Add { get; init; } = [];

    /// <summary>What goes. Given with <see cref="Add"/>, a value that is in both goes.</summary>
    public IReadOnlyList<string> Remove { get; init; } = [];

    /// <summary>What comes into a list and what goes, given what is in it. Values that mean the same are one.</summary>
    internal (IReadOnlyList<string> Add, IReadOnlyList<string> Remove) Against(AccessListResource list)
    {
        var present = Values(list);
        var wanted = present.ToHashSet(StringComparer.OrdinalIgnoreCase);
        if (Replace is not null)
        {
            wanted.Clear();
            wanted.UnionWith(Replace.Select(KeyOf));
        }

        wanted.UnionWith(Add.Select(KeyOf));
        wanted.ExceptWith(Remove.Select(KeyOf));
        return (
            [.. (Replace ?? []).Concat(Add).Where(value => wanted.Contains(KeyOf(value)) && !present.Contains(KeyOf(value)))
                .DistinctBy(KeyOf, StringComparer.OrdinalIgnoreCase)],
            [.. (list.Items ?? []).Select(item => item.Value).Where(value => !wanted.Contains(KeyOf(value)))]);
    }

    /// <summary>What is in a list, in one form for each value.</summary>
    internal static HashSet<string> Values(AccessListResource list) =>
        (list.Items ?? []).Select(item => KeyOf(item.Value)).ToHashSet(StringComparer.OrdinalIgnoreCase);

    private static string KeyOf(string value) =>
        IpRanges.TryParse(value, out System.Net.IPNetwork range) ? IpRanges.Format(range) : value;
}
