namespace Tunnel.Edge.Store;

/// <summary>
/// A person's request to be let into an application for a while, and what the approvers said to it. Immutable: a change is
/// another record.
/// </summary>
public sealed record AccessApproval
{
    /// <summary>Names the request: 32 hex characters that nobody guesses. It opens nothing: approvers sign in.</summary>
    public required string Id { get; init; }

    /// <summary>What the person wants to enter.</summary>
    public required Guid ApplicationId { get; init; }

    /// <summary>The policy that asks for the approval.</summary>
    public required string PolicyId { get; init; }

    /// <summary>Who asks, in lower case.</summary>
    public required string Email { get; init; }

    /// <summary>What for, in the person's words; null where the policy does not ask.</summary>
    public string? Purpose { get; init; }

    /// <summary>Where they asked from.</summary>
    public required string Address { get; init; }

    /// <summary>The country of that address; null where it is not known.</summary>
    public string? Country { get; init; }

    /// <summary>When they asked.</summary>
    public required DateTimeOffset RequestedAt { get; init; }

    /// <summary>From then on nobody can approve it any more.</summary>
    public required DateTimeOffset ExpiresAt { get; init; }

    /// <summary>When its end was put on record; null while it has not ended, or that is still to be written down.</summary>
    public DateTimeOffset? EndedAt { get; init; }

    /// <summary>What approvers said; one word each, the latest.</summary>
    public IReadOnlyList<AccessApprovalVote> Votes { get; init; } = [];

    /// <summary>Who may say something to it: those whom the policy names now, and never the person who asks.</summary>
    /// <param name="groups">The policy's, as they are now.</param>
    public bool MayVote(IReadOnlyList<AccessApproverGroup> groups, string email) =>
        email != Email && groups.Any(group => group.Contains(email));

    /// <summary>Whether somebody who may has refused it.</summary>
    /// <param name="groups">The policy's, as they are now.</param>
    public bool IsRefused(IReadOnlyList<AccessApproverGroup> groups) => Counted(groups).Any(vote => !vote.Approves);

    /// <summary>
    /// Until when the person is approved: the shortest time that an approver gave. Null while it is refused, or too few of a
    /// group have approved; and null always where no group needs anybody, since then nobody was asked.
    /// </summary>
    /// <param name="groups">The policy's, as they are now: the word of whoever is no longer named counts no more.</param>
    public DateTimeOffset? ApprovedUntil(IReadOnlyList<AccessApproverGroup> groups)
    {
        var votes = Counted(groups).ToArray();
        return votes.Length > 0 && votes.All(vote => vote.Approves) && groups.Any(group => group.Needed > 0)
            && groups.All(group => votes.Count(vote => group.Contains(vote.Email)) >= group.Needed)
                ? votes.Min(vote => vote.Until) : null;
    }

    private IEnumerable<AccessApprovalVote> Counted(IReadOnlyList<AccessApproverGroup> groups) =>
        Votes.Where(vote => MayVote(groups, vote.Email));
}
