using Tunnel.Access;

namespace Tunnel.Core.Applications;

/// <summary>What the policies of an application would say to a visitor, and why.</summary>
public sealed record AccessTest
{
    /// <summary>The hostname of the application.</summary>
    public required string Hostname { get; init; }

    /// <summary>Whom the policies were asked about.</summary>
    public required AccessVisitor Visitor { get; init; }

    public required bool IsAllowed { get; init; }

    /// <summary>The name of the policy that decides; null where none matches.</summary>
    public string? Policy { get; init; }

    /// <summary>The rule of that policy by which the visitor matches.</summary>
    public AccessRule? Rule { get; init; }

    /// <summary>Refused as they come, and perhaps not after a sign-in.</summary>
    public bool NeedsIdentity { get; init; }

    /// <summary>Refused as they come, and let in by <see cref="Policy"/> when those that it names have approved.</summary>
    public bool NeedsApproval { get; init; }

    /// <summary>Which policy and rule decide, or why none does.</summary>
    public required string Reason { get; init; }

    public override string ToString() => $"{(IsAllowed ? "allowed" : "refused")}: {Reason}";
}
