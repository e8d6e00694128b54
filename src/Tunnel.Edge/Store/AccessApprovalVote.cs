namespace Tunnel.Edge.Store;

/// <summary>What one approver said.</summary>
/// <param name="Email">Who, in lower case.</param>
/// <param name="Approves">False: refused, or taken back.</param>
/// <param name="VotedAt">When.</param>
/// <param name="Until">From then on the approval counts no more.</param>
public sealed record AccessApprovalVote(string Email, bool Approves, DateTimeOffset VotedAt, DateTimeOffset Until);
