namespace Tunnel.Access;

/// <summary>
/// Rules under one name, which policies and other groups use as one rule. It matches a visitor if any rule of
/// <see cref="Include"/>, every rule of <see cref="Require"/> and no rule of <see cref="Exclude"/> does.
/// </summary>
public sealed record AccessGroup
{
    public required string Id { get; init; }

    public required string Name { get; init; }

    public IReadOnlyList<AccessRule> Include { get; init; } = [];

    public IReadOnlyList<AccessRule> Require { get; init; } = [];

    public IReadOnlyList<AccessRule> Exclude { get; init; } = [];

    internal IEnumerable<AccessRule> Rules => Include.Concat(Require).Concat(Exclude);
}
