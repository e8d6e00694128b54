using Tunnel.Access;
using Tunnel.Core.Api;

namespace Tunnel.Core.Applications;

/// <summary>Lists whose entries are known without asking an account.</summary>
public static class KnownList
{
    /// <summary>A list of an account, under its id.</summary>
    /// <exception cref="ArgumentException">Its entries were not asked for, or no rule names lists of its type.</exception>
    public static AccessList Of(AccessListResource list)
    {
        ArgumentNullException.ThrowIfNull(list);
        IReadOnlyList<AccessListItem> items = list.Items ?? throw new ArgumentException(
            $"What is in the list '{list.Name}' is not known. Get-AccessList -IncludeItem tells it.", nameof(list));
        return Of(list.Id, list.Name, list.Type, [.. items.Select(item => item.Value)]);
    }

    /// <summary>A list of no account, which rules call by its name.</summary>
    /// <param name="name">Its name.</param>
    /// <param name="type">As the API calls it; null: what the values are.</param>
    /// <param name="values">What it holds.</param>
    /// <exception cref="ArgumentException">The values are not of one type, or not of this one.</exception>
    public static AccessList Of(string name, string? type, IReadOnlyList<string> values) => Of(name, name, type, values);

    private static AccessList Of(string id, string name, string? type, IReadOnlyList<string> values)
    {
        AccessListKind kind = ListCatalog.KindOf((string.IsNullOrEmpty(type) ? ListCatalog.TypeOf(values) : type).ToUpperInvariant())
            ?? throw new ArgumentException($"Rules name lists of the types Email and Ip, and '{name}' is one of type {type}.", nameof(type));
        // A value with a typing error would silently be nobody's.
        return values.FirstOrDefault(value => !AccessList.IsValue(kind, value)) is { } wrong
            ? throw new ArgumentException(
                $"'{wrong}' in the list '{name}' is not an {(kind == AccessListKind.Email ? "e-mail" : "IP")} address.", nameof(values))
            : new AccessList(id, name, kind, values);
    }
}
