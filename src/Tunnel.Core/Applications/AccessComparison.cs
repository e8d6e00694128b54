using Tunnel.Access;

namespace Tunnel.Core.Applications;

/// <summary>What a change of policies does for one visitor, and by which policies.</summary>
/// <param name="Before">What the policies that there are say.</param>
/// <param name="After">What the proposed ones would say.</param>
public sealed record AccessComparison(AccessTest Before, AccessTest After)
{
    /// <summary>The hostname of the application; empty where policies were compared that belong to none.</summary>
    public string Hostname => After.Hostname;

    public AccessVisitor Visitor => After.Visitor;

    public AccessEffect Effect => (Before.IsAllowed, After.IsAllowed) switch
    {
        (false, false) => AccessEffect.StaysOut,
        (true, true) => AccessEffect.StaysIn,
        (false, true) => AccessEffect.Gains,
        (true, false) => AccessEffect.Loses,
    };

    /// <summary>The policy that made or makes the difference: for who loses, the one that lets in no more, or denies now.</summary>
    public string? Policy => Effect == AccessEffect.Loses && After.Policy is null ? Before.Policy : After.Policy;

    /// <summary>Whether the visitor gains or loses.</summary>
    public bool IsChange => Effect is AccessEffect.Gains or AccessEffect.Loses;

    public override string ToString() => $"{Effect}: {After.Reason}";
}
