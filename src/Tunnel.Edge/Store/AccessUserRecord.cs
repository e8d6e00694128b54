namespace Tunnel.Edge.Store;

/// <summary>A person who has signed in, or whom the administrator has entered.</summary>
public sealed record AccessUserRecord
{
    /// <summary>The <c>sub</c> of the person's tokens.</summary>
    public required Guid Id { get; init; }

    /// <summary>The owning account.</summary>
    public required string AccountId { get; init; }

    /// <summary>In lower case; unique.</summary>
    public required string Email { get; init; }

    /// <summary>As the identity provider or the administrator has it; null where neither said.</summary>
    public string? Name { get; init; }

    /// <summary>Null before the first sign-in.</summary>
    public DateTimeOffset? LastSuccessfulLogin { get; init; }

    /// <summary>When it was made.</summary>
    public required DateTimeOffset CreatedAt { get; init; }

    /// <summary>When it was last changed.</summary>
    public required DateTimeOffset UpdatedAt { get; init; }
}
