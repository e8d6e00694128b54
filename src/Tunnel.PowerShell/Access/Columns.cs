using System.Collections;
using System.Management.Automation;
using Tunnel.Access;

namespace Tunnel.PowerShell.Access;

/// <summary>Reads hashtables and objects that people write in the place of the engine's own.</summary>
internal static class Columns
{
    /// <summary>The items of a list, or the one that stands for itself.</summary>
    public static IEnumerable<object?> Items(object? input) => Bare(input) switch
    {
        null => [],
        IDictionary one => [one],
        IEnumerable many and not string => many.Cast<object?>(),
        _ => [input],
    };

    public static object? Bare(object? item) =>
        item is PSObject { BaseObject: not PSCustomObject } wrapped ? wrapped.BaseObject : item;

    /// <summary>The columns by name, in any case. A column that is misspelt would silently say nothing: it is refused.</summary>
    public static IReadOnlyDictionary<string, object?> Read(object? item, IReadOnlyList<string> known, string what)
    {
        IEnumerable<(string Name, object? Value)> given = Bare(item) switch
        {
            IDictionary table => table.Keys.Cast<object>().Select(key => (key.ToString() ?? "", (object?)table[key])),
            PSObject custom => custom.Properties.Select(property => (property.Name, (object?)property.Value)),
            _ => throw new ArgumentTransformationMetadataException(
                $"{what} is an object of the account, or a hashtable with {string.Join(", ", known)}."),
        };
        var columns = new Dictionary<string, object?>(StringComparer.OrdinalIgnoreCase);
        foreach ((string name, object? value) in given)
        {
            columns[name] = known.Contains(name, StringComparer.OrdinalIgnoreCase) ? value : throw new ArgumentTransformationMetadataException(
                $"{what} has no '{name}'. It has {string.Join(", ", known)}.");
        }

        return columns;
    }

    public static IReadOnlyList<AccessRule> Rules(EngineIntrinsics engine, IReadOnlyDictionary<string, object?> columns, string name) =>
        columns.GetValueOrDefault(name) is { } given ? (AccessRule[])new AccessRuleTransformationAttribute().Transform(engine, given) : [];
}
