namespace Tunnel.Edge.Store;

/// <summary>A policy as one application holds it.</summary>
public sealed record AccessPolicyRecord
{
    /// <summary>The policy.</summary>
    public required Guid Id { get; init; }

    /// <summary>The application.</summary>
    public required Guid ApplicationId { get; init; }

    /// <summary>As people see it.</summary>
    public required string Name { get; init; }

    /// <summary><c>allow</c>, <c>deny</c>, <c>bypass</c> or <c>non_identity</c>.</summary>
    public required string Decision { get; init; }

    /// <summary>Lower goes first; unique within the application; from 1.</summary>
    public required int Precedence { get; init; }

    /// <summary>The JSON object as a client last wrote it: rules, and the properties that the edge does not know.</summary>
    public required string Document { get; init; }

    /// <summary>When it was made.</summary>
    public required DateTimeOffset CreatedAt { get; init; }

    /// <summary>When it was last changed.</summary>
    public required DateTimeOffset UpdatedAt { get; init; }
}
