namespace Tunnel.Edge.Identity.SignIn;

/// <summary>How far a person's request for an approval has come.</summary>
internal enum ApprovalState
{
    /// <summary>Nothing was asked yet.</summary>
    None,

    /// <summary>The approvers have not all decided.</summary>
    Waiting,

    /// <summary>An approver said no.</summary>
    Refused,

    /// <summary>What was approved, or the time to approve it, has ended.</summary>
    Over,

    /// <summary>The policy is another than when the approvers were written to.</summary>
    Changed,

    /// <summary>The policy names too few people beside the one who asks.</summary>
    Impossible,
}
