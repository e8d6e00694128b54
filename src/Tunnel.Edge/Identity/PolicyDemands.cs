using Tunnel.Access;
using Tunnel.Edge.Store;

namespace Tunnel.Edge.Identity;

/// <summary>What an application's policies ask of people beside their rules: what they come for, and somebody's approval.</summary>
internal sealed class PolicyDemands(AccessApprovals approvals, TimeProvider time)
{
    /// <summary>The policies for a person who said what is remembered in the session, and is approved by those who are.</summary>
    /// <param name="application">The application.</param>
    /// <param name="session">Null for nobody, and for machines: they say nothing, and nobody approves them.</param>
    /// <param name="lists">Those that groups of approvers can name, as they are now.</param>
    /// <param name="now">Words older than this are not counted; null: a token that was issued for them ends with them.</param>
    public IReadOnlyList<AccessPolicy> For(
        AccessApplicationRecord application, AccessSessionRecord? session, AccessLists lists, DateTimeOffset? now = null) =>
        session is null || !application.Policies.Any(Asks) ? application.Policies
            : [.. application.Policies.Select(policy => Met(application, policy, session, lists, now))];

    /// <summary>The policies for a person who has said, and been given, all that is asked for.</summary>
    public static IReadOnlyList<AccessPolicy> WhenMet(AccessApplicationRecord application) =>
        application.Policies.Any(Asks)
            ? [.. application.Policies.Select(p => AccessDemands.WithApproval(AccessDemands.WithPurpose(p)))] : application.Policies;

    /// <summary>Whether the policy that a verdict names asks for something before it lets people in.</summary>
    public static bool Asks(AccessApplicationRecord application, AccessVerdict verdict) =>
        verdict.Policy is { } policy && Asks(application.Policies.First(p => p.Id == policy.Id));

    /// <summary>The policy that lets the person in once it is told what for; null when there is none, or it was told.</summary>
    /// <param name="application">The application.</param>
    /// <param name="session">The person.</param>
    /// <param name="met">What <see cref="WhenMet"/> says of the person.</param>
    public AccessPolicy? AskingForPurpose(AccessApplicationRecord application, AccessSessionRecord session, AccessVerdict met) =>
        Deciding(application, met) is { } policy && AccessDemands.AsksForPurpose(policy)
            && PurposeOf(application, policy, session, time.GetUtcNow()) is null ? policy : null;

    /// <summary>The policy that lets the person in once they are approved; null when there is none, or they are.</summary>
    /// <param name="application">The application.</param>
    /// <param name="session">The person.</param>
    /// <param name="met">What <see cref="WhenMet"/> says of the person.</param>
    /// <param name="lists">Those that groups of approvers can name, as they are now.</param>
    public AccessPolicy? AskingForApproval(
        AccessApplicationRecord application, AccessSessionRecord session, AccessVerdict met, AccessLists lists) =>
        Deciding(application, met) is { } policy && AccessDemands.AsksForApproval(policy)
            && ApprovedUntil(application, policy, session, lists) is null ? policy : null;

    /// <summary>Until when a person is approved for a policy that asks for it; null while they are not.</summary>
    public DateTimeOffset? ApprovedUntil(
        AccessApplicationRecord application, AccessPolicy policy, AccessSessionRecord session, AccessLists lists)
    {
        var until = approvals.Latest(session.Email, application.Id, policy.Id)?.ApprovedUntil(ApproversOf(application, policy, lists));
        return until > time.GetUtcNow() ? until : null;
    }

    /// <summary>The people who approve for a policy, as it is now.</summary>
    public static IReadOnlyList<AccessApproverGroup> ApproversOf(
        AccessApplicationRecord application, AccessPolicy policy, AccessLists lists) =>
        application.PolicyRecords.FirstOrDefault(p => p.Id.ToString("D") == policy.Id)?.Approvers(lists) ?? [];

    /// <summary>What the person said they come for; null for nothing, or too long ago.</summary>
    public static AccessPurpose? PurposeOf(
        AccessApplicationRecord application, AccessPolicy policy, AccessSessionRecord session, DateTimeOffset? now) =>
        session.Purposes.FirstOrDefault(
            p => p.ApplicationId == application.Id && p.PolicyId == policy.Id && (now is null || now < p.ExpiresAt));

    private AccessPolicy Met(
        AccessApplicationRecord application, AccessPolicy policy, AccessSessionRecord session, AccessLists lists, DateTimeOffset? now)
    {
        var told = PurposeOf(application, policy, session, now) is null ? policy : AccessDemands.WithPurpose(policy);
        return AccessDemands.AsksForApproval(told) && ApprovedUntil(application, policy, session, lists) is not null
            ? AccessDemands.WithApproval(told) : told;
    }

    private static bool Asks(AccessPolicy policy) => AccessDemands.AsksForPurpose(policy) || AccessDemands.AsksForApproval(policy);

    private static AccessPolicy? Deciding(AccessApplicationRecord application, AccessVerdict met) =>
        met is { IsAllowed: true, Policy: { } policy } ? application.Policies.FirstOrDefault(p => p.Id == policy.Id) : null;
}
