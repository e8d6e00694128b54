namespace Tunnel.Core.Api;

/// <summary>A person who has signed in to an Access application, or was entered.</summary>
public sealed record AccessUser : IApiResource
{
    public required string Id { get; init; }
    public string? Email { get; init; }
    public string? Name { get; init; }

    /// <summary>Whether the person counts as a user of Access.</summary>
    public bool? AccessSeat { get; init; }

    /// <summary>Null before the first sign-in.</summary>
    public DateTimeOffset? LastSuccessfulLogin { get; init; }

    public DateTimeOffset? CreatedAt { get; init; }
    public DateTimeOffset? UpdatedAt { get; init; }

    public override string ToString() => Email ?? Id;
}
