namespace Tunnel.Access;

/// <summary>How the object under one selector's name is made up, and how a rule comes of it.</summary>
/// <param name="Required">Members that must be there.</param>
/// <param name="Read">Makes the rule; null where a value is not one of the selector's.</param>
internal sealed record SelectorForm(string[] Required, Func<SelectorMembers, AccessRule?> Read)
{
    /// <summary>Members that may be there.</summary>
    public string[] Optional { get; init; } = [];
}
