namespace Tunnel.Access;

/// <summary>What the policies of an application say to a visitor, and why.</summary>
public sealed record AccessVerdict
{
    public required bool IsAllowed { get; init; }

    /// <summary>The policy that decided; null when none matched.</summary>
    public AccessPolicy? Policy { get; init; }

    /// <summary>The include rule of that policy by which the visitor matched.</summary>
    public AccessRule? Rule { get; init; }

    /// <summary>One sentence for people: which policy and rule decided, or why none did.</summary>
    public required string Reason { get; init; }

    /// <summary>Refused, but a sign-in could change that: ask for one rather than turn the visitor away.</summary>
    public bool NeedsIdentity { get; init; }
}
