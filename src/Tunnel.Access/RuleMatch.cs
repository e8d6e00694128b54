namespace Tunnel.Access;

/// <summary>What a rule says of a visitor. The first three are ordered: "any of" is the greatest, "all of" the least.</summary>
internal enum RuleMatch
{
    No,

    /// <summary>Depends on who the visitor is, and they have not signed in.</summary>
    NeedsIdentity,

    Yes,

    /// <summary>Cannot be told here. Never a reason to let anyone in.</summary>
    Unknown,
}
