namespace Tunnel.Edge.Store;

/// <summary>People of whom some have to approve (<c>approval_groups</c> of a policy).</summary>
/// <param name="Needed">How many of them.</param>
/// <param name="Emails">Their addresses, in lower case.</param>
public sealed record AccessApproverGroup(int Needed, IReadOnlySet<string> Emails);
