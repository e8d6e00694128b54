using System.Globalization;
using Tunnel.Access;
using Tunnel.Edge.Pages;
using Tunnel.Edge.Store;

namespace Tunnel.Edge.Identity.SignIn;

/// <summary>
/// <c>/approve/{id}</c> at the team domain, where the message to the approvers leads. The address opens nothing: whoever
/// follows it signs in, and decides only if the policy names them.
/// </summary>
internal sealed class ApproverEndpoints(
    SignInFlow flow, SignInStates states, AccessApprovals approvals, TimeProvider time)
{
    public const string Path = AccessEndpoints.BasePath + "/approve";

    private readonly FormGuard _guard = new("CF_Approve");

    public async Task ShowAsync(AccessRequest request, string id)
    {
        if (await FindAsync(request, id).ConfigureAwait(false) is { } asked)
        {
            await PageResponse.WriteAsync(request.Http, Page(request, asked, error: null)).ConfigureAwait(false);
        }
    }

    /// <summary>The posted decision.</summary>
    public async Task DecideAsync(AccessRequest request, string id)
    {
        var form = await FormBody.ReadAsync(request.Http).ConfigureAwait(false);
        if (form is null || !_guard.Accepts(request.Http, form))
        {
            await PageResponse.WriteAsync(request.Http, SignInPages.StartAgain(request)).ConfigureAwait(false);
            return;
        }

        if (await FindAsync(request, id).ConfigureAwait(false) is not { } asked)
        {
            return;
        }

        var approves = form[ApprovalPages.DecisionField] == ApprovalPages.Approve;
        if (approves ? !IsOpen(asked) : form[ApprovalPages.DecisionField] != ApprovalPages.Refuse || asked.Approval.IsRefused(asked.Groups) || !IsLatest(asked))
        {
            PageResponse.Redirect(request.Http, AddressOf(asked.Approval));
            return;
        }

        var duration = TimeSpan.Zero;
        if (approves && !ApprovalPages.TryParseDuration(form[ApprovalPages.DurationField], out duration))
        {
            await PageResponse.WriteAsync(request.Http, Page(request, asked, "Choose for how long.")).ConfigureAwait(false);
            return;
        }

        var now = time.GetUtcNow();
        approvals.Vote(asked.Approval.Id, new AccessApprovalVote(asked.Approver.Email, approves, now, now + duration));
        flow.RecordApproval(request, asked.Application, asked.Approver, asked.Policy, approves, approves
            ? string.Create(CultureInfo.InvariantCulture, $"Approved {asked.Approval.Email} for {duration.TotalMinutes:0} minutes.")
            : $"Refused to approve {asked.Approval.Email}.");
        PageResponse.Redirect(request.Http, AddressOf(asked.Approval));
    }

    private Page Page(AccessRequest request, Asked asked, string? error)
    {
        var until = asked.Approval.ApprovedUntil(asked.Groups);
        var now = time.GetUtcNow();
        return !IsLatest(asked) ? ApprovalPages.Decided(
                request, asked.Application, asked.Approval, "They have asked again since. The later message leads to that request.")
            : asked.Approval.IsRefused(asked.Groups) ? ApprovalPages.Decided(request, asked.Application, asked.Approval, "It was refused.")
            : until > now ? ApprovalPages.Approved(
                request, asked.Application, asked.Approval, $"Approved until {ApprovalPages.TextOf(until.Value)}.", "End it now", _guard.Issue(request.Http))
            : !IsOpen(asked) ? ApprovalPages.Decided(request, asked.Application, asked.Approval, "It is over.")
            : asked.Approval.Votes.Any(vote => vote.Email == asked.Approver.Email && vote.Approves) ? ApprovalPages.Approved(
                request, asked.Application, asked.Approval, "You approved it. Others have to as well.", "Take it back", _guard.Issue(request.Http))
            : ApprovalPages.Decide(request, asked.Application, asked.Approval, _guard.Issue(request.Http), error);
    }

    private bool IsOpen(Asked asked) =>
        time.GetUtcNow() < asked.Approval.ExpiresAt && IsLatest(asked) && !asked.Approval.IsRefused(asked.Groups) && asked.Approval.ApprovedUntil(asked.Groups) is null;

    // Only the latest request counts: a word about an earlier one would change nothing.
    private bool IsLatest(Asked asked) => approvals.Latest(
        asked.Approval.Email, asked.Approval.ApplicationId, asked.Approval.PolicyId)?.Id == asked.Approval.Id;

    /// <summary>The request, and who looks at it; null when the answer is given: to sign in, or that there is nothing to decide.</summary>
    private async Task<Asked?> FindAsync(AccessRequest request, string id)
    {
        if (approvals.Find(id) is not { } approval
            || request.Snapshot.Applications.FirstOrDefault(a => a.Id == approval.ApplicationId) is not { } application
            || application.Policies.FirstOrDefault(p => p.Id == approval.PolicyId && AccessDemands.AsksForApproval(p)) is not { } policy)
        {
            await PageResponse.WriteAsync(request.Http, SignInPages.Message(
                request, 404, "There is nothing to decide", "The request is over, or was never made here.")).ConfigureAwait(false);
            return null;
        }

        var login = $"{AccessEndpoints.BasePath}/login/{request.Hostname}?kid={application.Aud}&meta={states.Write(ApproverSignIn.StateOf(approval, application, request))}";
        if (await flow.FindSessionAsync(request).ConfigureAwait(false) is not { } session
            || !LoginMethods.Allows(application, request.Snapshot, session.ProviderId))
        {
            PageResponse.Redirect(request.Http, PageAddress.Local(login + "&again=1"));
            return null;
        }

        var groups = PolicyDemands.ApproversOf(application, policy, request.Snapshot.Lists);
        if (!approval.MayVote(groups, session.Email))
        {
            await PageResponse.WriteAsync(request.Http, ApprovalPages.NotForYou(
                request, session.Email, approval.Email == session.Email, PageAddress.Local(login + "&again=1"))).ConfigureAwait(false);
            return null;
        }

        return new Asked(approval, application, policy, groups, session);
    }

    private static PageAddress AddressOf(AccessApproval approval) => PageAddress.Local($"{Path}/{approval.Id}");

    private sealed record Asked(
        AccessApproval Approval, AccessApplicationRecord Application, AccessPolicy Policy, IReadOnlyList<AccessApproverGroup> Groups,
        AccessSessionRecord Approver);
}
