using Tunnel.Access;
using Tunnel.Edge.Mail;
using Tunnel.Edge.Pages;
using Tunnel.Edge.Store;

namespace Tunnel.Edge.Identity.SignIn;

/// <summary>
/// <c>/approval</c> at the team domain: a person who has signed in asks to be let in by somebody's approval, and waits for it.
/// </summary>
internal sealed class ApprovalEndpoints(
    SignInFlow flow, SignInEndpoints login, SignInStates states, AccessApprovals approvals, OutgoingMail mail, TimeProvider time)
{
    public const string Path = AccessEndpoints.BasePath + "/approval";

    /// <summary>What stops the page from looking again by itself, for those whom that disturbs (WCAG 2.2.2).</summary>
    private const string HoldField = "hold";

    /// <summary>Says that the person has waited, and does not come with a program that has just begun to.</summary>
    private const string WaitedField = "waited";

    /// <summary>To so many of the approvers: a list may hold more people than one request is worth.</summary>
    private const int MaxMessages = 1000;

    private static readonly TimeSpan s_lifetime = TimeSpan.FromDays(1);

    private readonly FormGuard _guard = new("CF_Approval");
    private readonly Lock _asking = new();

    /// <summary>The page that asks, or waits; who is approved meanwhile goes on.</summary>
    public async Task ShowAsync(AccessRequest request)
    {
        var text = request.Http.Request.Query[SignInPages.StateField].ToString();
        if (await FindAsync(request, text).ConfigureAwait(false) is not { } person)
        {
            await PageResponse.WriteAsync(request.Http, SignInPages.StartAgain(request)).ConfigureAwait(false);
            return;
        }

        if (await flow.AskingAsync(request, person.State, person.Application, person.Session).ConfigureAwait(false) is { Approval: { } policy })
        {
            await ShowAsync(request, person, policy, text).ConfigureAwait(false);
            return;
        }

        if (await login.NextAsync(request, person.State, person.Application, person.Session).ConfigureAwait(false) is { } location)
        {
            request.Http.Response.Headers.CacheControl = "no-store";
            request.Http.Response.Redirect(location);
            return;
        }

        await PageResponse.WriteAsync(request.Http, SignInPages.StartAgain(request)).ConfigureAwait(false);
    }

    /// <summary>The posted wish: the approvers are written to.</summary>
    public async Task TakeAsync(AccessRequest request)
    {
        var form = await FormBody.ReadAsync(request.Http).ConfigureAwait(false);
        if (form is null || !_guard.Accepts(request.Http, form) || form[SignInPages.StateField] is not { } text
            || await FindAsync(request, text).ConfigureAwait(false) is not { } person)
        {
            await PageResponse.WriteAsync(request.Http, SignInPages.StartAgain(request)).ConfigureAwait(false);
            return;
        }

        if (await flow.AskingAsync(request, person.State, person.Application, person.Session).ConfigureAwait(false) is { Approval: { } policy }
            && !Ask(request, person, policy))
        {
            await PageResponse.WriteAsync(request.Http, SignInPages.Message(
                request, 429, "Asked too often", "You have asked for this several times today. Talk to whoever decides, or try again tomorrow."))
                .ConfigureAwait(false);
            return;
        }

        PageResponse.Redirect(request.Http, AddressOf(text));
    }

    /// <summary>Writes to the approvers, unless they have been written to; false: too often.</summary>
    private bool Ask(AccessRequest request, Person person, AccessPolicy policy)
    {
        AccessApproval? asked;
        // One at a time: a form that is posted twice at once makes one request, which one word ends.
        lock (_asking)
        {
            if (StateOf(request, person, policy) is ApprovalState.Waiting or ApprovalState.Impossible)
            {
                return true;
            }

            asked = Ask(request, person, policy, time.GetUtcNow());
        }

        flow.RecordApproval(request, person.Application, person.Session, policy, isAllowed: false,
            asked is null ? "Asked for an approval too often." : "Asked for an approval.");
        if (asked is null)
        {
            return false;
        }

        var link = SignInState.AddressOf(request.Organization.AuthDomain, request.Http.Request.Host.Port) + $"{ApproverEndpoints.Path}/{asked.Id}";
        var approvers = PolicyDemands.ApproversOf(person.Application, policy, request.Snapshot.Lists).SelectMany(group => group.Everybody)
            .Where(email => email != asked.Email).Distinct().Take(MaxMessages).ToArray();
        mail.Post("The request for an approval", approvers, $"{asked.Email} asks to be let in to {person.Application.Name}",
            TextOf(asked, person.Application.Name, request.Organization.Name, link));
        return true;
    }

    private AccessApproval? Ask(AccessRequest request, Person person, AccessPolicy policy, DateTimeOffset now) =>
        approvals.Ask(new AccessApproval
        {
            Id = "",
            ApplicationId = person.Application.Id,
            PolicyId = policy.Id,
            Email = person.Session.Email,
            Purpose = PolicyDemands.PurposeOf(person.Application, policy, person.Session, now)?.Text,
            Address = request.Address.ToString(),
            Country = flow.CountryOf(request.Address.ToString()),
            RequestedAt = now,
            ExpiresAt = now + s_lifetime,
        });

    private async Task ShowAsync(AccessRequest request, Person person, AccessPolicy policy, string state)
    {
        var holds = request.Http.Request.Query[HoldField].Count > 0;
        var found = StateOf(request, person, policy);
        if (found == ApprovalState.Refused && request.Http.Request.Query[WaitedField].Count > 0)
        {
            login.TellProgram(person.State);
        }

        if (found == ApprovalState.Waiting && !holds)
        {
            request.Http.Response.Headers["Refresh"] = $"15;url={AddressOf(state, WaitedField)}";
        }

        await PageResponse.WriteAsync(request.Http, found == ApprovalState.Waiting
            ? ApprovalPages.Waiting(request, person.Application, AddressOf(state, WaitedField), holds ? null : AddressOf(state, HoldField))
            : ApprovalPages.Ask(request, person.Application, found, _guard.Issue(request.Http), state)).ConfigureAwait(false);
    }

    private ApprovalState StateOf(AccessRequest request, Person person, AccessPolicy policy)
    {
        var record = person.Application.PolicyRecords.FirstOrDefault(p => p.Id.ToString("D") == policy.Id);
        var groups = record?.Approvers(request.Snapshot.Lists) ?? [];
        if (!groups.Any(group => group.Needed > 0) || groups.Any(group => group.Everybody.Count(email => email != person.Session.Email) < group.Needed))
        {
            return ApprovalState.Impossible;
        }

        var now = time.GetUtcNow();
        return approvals.Latest(person.Session.Email, person.Application.Id, policy.Id) switch
        {
            null => ApprovalState.None,
            var latest when latest.IsRefused(groups) => ApprovalState.Refused,
            var latest when latest.ApprovedUntil(groups) is { } until => until <= now ? ApprovalState.Over : ApprovalState.Waiting,
            var latest when latest.ExpiresAt <= now => ApprovalState.Over,
            // Others may be named since, whom nobody has written to.
            var latest when record!.UpdatedAt > latest.RequestedAt => ApprovalState.Changed,
            _ => ApprovalState.Waiting,
        };
    }

    private async Task<Person?> FindAsync(AccessRequest request, string text) =>
        states.Read(text) is { } state && request.ApplicationOf(state) is { } application
        && await flow.FindSessionAsync(request).ConfigureAwait(false) is { } session
        && LoginMethods.Allows(application, request.Snapshot, session.ProviderId) ? new Person(state, application, session) : null;

    private static PageAddress AddressOf(string state, string? field = null) =>
        PageAddress.Local($"{Path}?{SignInPages.StateField}={Uri.EscapeDataString(state)}" + (field is null ? "" : $"&{field}=1"));

    private static string TextOf(AccessApproval asked, string application, string organization, string link)
    {
        var from = asked.Country is null ? asked.Address : $"{asked.Address} ({asked.Country})";
        var purpose = asked.Purpose is null ? "" : $"What for: {asked.Purpose}\r\n";
        return $"{asked.Email} asks to be let in to {application} at {organization}, from {from}.\r\n{purpose}\r\n" +
            $"Sign in and decide:\r\n{link}\r\n\r\nUntil {ApprovalPages.TextOf(asked.ExpiresAt)}. If nobody does anything, nobody is let in.\r\n";
    }

    private sealed record Person(SignInState State, AccessApplicationRecord Application, AccessSessionRecord Session);
}
