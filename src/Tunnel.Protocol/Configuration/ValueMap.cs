using System.Collections;
using System.Diagnostics.CodeAnalysis;

namespace Tunnel.Protocol.Configuration;

/// <summary>Names with texts, in the order of the names; equal to another of the same content.</summary>
internal sealed class ValueMap : IReadOnlyDictionary<string, string>
{
    private readonly SortedDictionary<string, string> _items;

    private ValueMap(SortedDictionary<string, string> items) => _items = items;

    public int Count => _items.Count;

    public IEnumerable<string> Keys => _items.Keys;

    public IEnumerable<string> Values => _items.Values;

    public string this[string key] => _items[key];

    internal static ValueMap From(IEnumerable<KeyValuePair<string, string>> items)
    {
        var sorted = new SortedDictionary<string, string>(StringComparer.Ordinal);
        foreach (var (name, text) in items)
        {
            sorted[name] = text;
        }
        return new ValueMap(sorted);
    }

    public bool ContainsKey(string key) => _items.ContainsKey(key);

    public bool TryGetValue(string key, [MaybeNullWhen(false)] out string value) => _items.TryGetValue(key, out value);

    public IEnumerator<KeyValuePair<string, string>> GetEnumerator() => _items.GetEnumerator();

    IEnumerator IEnumerable.GetEnumerator() => GetEnumerator();

    public override bool Equals(object? obj) => obj is ValueMap other && _items.SequenceEqual(other._items);

    public override int GetHashCode() => _items.Count;
}
