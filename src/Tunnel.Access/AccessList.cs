using System.Collections.Frozen;
using System.Net;
using System.Net.Sockets;

namespace Tunnel.Access;

/// <summary>
/// A list of e-mail addresses, or of IP addresses and ranges, that rules name by its id. Immutable. What cannot be read as
/// what the list holds is in it for nobody.
/// </summary>
public sealed class AccessList
{
    private readonly FrozenSet<string> _emails = [];
    private readonly FrozenSet<IPNetwork> _ranges = [];
    private readonly (AddressFamily Family, int Length)[] _prefixes = [];

    /// <param name="id">The list's id in the API.</param>
    /// <param name="name">Its name, for reasons.</param>
    /// <param name="kind">What it holds.</param>
    /// <param name="values">Addresses, or ranges in the forms of <see cref="IpRanges.TryParse"/>.</param>
    public AccessList(string id, string name, AccessListKind kind, IEnumerable<string> values)
    {
        ArgumentNullException.ThrowIfNull(values);
        (Id, Name, Kind) = (id, name, kind);
        if (kind == AccessListKind.Email)
        {
            _emails = values.Where(value => IsValue(kind, value)).ToFrozenSet(StringComparer.OrdinalIgnoreCase);
            return;
        }

        _ranges = values.Select(value => IpRanges.TryParse(value, out var range) ? range : (IPNetwork?)null)
            .OfType<IPNetwork>().ToFrozenSet();
        _prefixes = [.. _ranges.Select(range => (range.BaseAddress.AddressFamily, range.PrefixLength)).Distinct()];
    }

    public string Id { get; }

    public string Name { get; }

    public AccessListKind Kind { get; }

    /// <summary>The e-mail addresses, as they were written; none where the list holds others.</summary>
    public IReadOnlyCollection<string> Emails => _emails;

    /// <summary>Whether a text is something that a list of the kind can hold.</summary>
    public static bool IsValue(AccessListKind kind, string text) =>
        kind == AccessListKind.Email ? AccessRuleText.Email(text) is not null : IpRanges.TryParse(text, out _);

    /// <summary>Whether the list holds the e-mail address. Case does not count, as in <see cref="EmailRule"/>.</summary>
    public bool Contains(string email) => _emails.Contains(email);

    /// <summary>Whether the list holds the address or a range with it, as <see cref="IpRangeRule"/> counts it.</summary>
    public bool Contains(IPAddress address)
    {
        ArgumentNullException.ThrowIfNull(address);
        // One look for each length of prefix that occurs, however long the list is.
        address = IpRanges.Unmap(address);
        return Array.Exists(_prefixes, prefix => prefix.Family == address.AddressFamily
            && _ranges.Contains(new IPNetwork(IpRanges.Mask(address, prefix.Length), prefix.Length)));
    }

    public override string ToString() => Name;
}
