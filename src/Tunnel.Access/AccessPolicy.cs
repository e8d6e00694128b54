namespace Tunnel.Access;

/// <summary>
/// One policy of an application. It matches a visitor if any rule of <see cref="Include"/>, every rule of
/// <see cref="Require"/> and no rule of <see cref="Exclude"/> does.
/// </summary>
public sealed record AccessPolicy
{
    public required string Id { get; init; }

    public required string Name { get; init; }

    public required AccessDecision Decision { get; init; }

    /// <summary>The lower, the earlier. Policies of equal precedence keep the order of their list.</summary>
    public int Precedence { get; init; }

    public IReadOnlyList<AccessRule> Include { get; init; } = [];

    public IReadOnlyList<AccessRule> Require { get; init; } = [];

    public IReadOnlyList<AccessRule> Exclude { get; init; } = [];

    /// <summary>How long a session lasts that this policy opened, as the API writes it (<c>24h</c>); null: the application's.</summary>
    public string? SessionDuration { get; init; }
}
