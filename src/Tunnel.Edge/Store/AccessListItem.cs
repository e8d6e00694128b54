using Tunnel.Access;

namespace Tunnel.Edge.Store;

/// <summary>One entry of a list.</summary>
/// <param name="Value">As it was written.</param>
/// <param name="Description">What people noted beside it.</param>
/// <param name="CreatedAt">When it came into the list.</param>
public sealed record AccessListItem(string Value, string? Description, DateTimeOffset CreatedAt)
{
    /// <summary>What is the same in two values of a list that mean the same: those are one entry.</summary>
    public static string KeyOf(AccessListKind? kind, string value) =>
        kind == AccessListKind.Ip && IpRanges.TryParse(value, out var range) ? IpRanges.Format(range) : value.ToUpperInvariant();
}
