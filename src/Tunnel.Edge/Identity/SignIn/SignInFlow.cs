using System.Net;
using System.Text.Json.Nodes;
using Tunnel.Access;
using Tunnel.Edge.Store;
using Tunnel.Protocol.Tokens;

namespace Tunnel.Edge.Identity.SignIn;

/// <summary>
/// What all ways to sign in share: a proven address becomes a session, and a session opens an application whose policies
/// let its person in.
/// </summary>
internal sealed class SignInFlow(
    EdgeStore store, ApplicationTokens tokens, PolicyDecider policies, PolicyDemands demands, AuthorizationCodes codes, TimeProvider time)
{
    private static readonly TimeSpan s_defaultDuration = TimeSpan.FromHours(24);

    /// <summary>Who is signed in at the team domain in this browser; null for nobody.</summary>
    public async Task<AccessSessionRecord?> FindSessionAsync(AccessRequest request)
    {
        if (AccessCookies.Read(request.Http.Request, AccessCookies.Authorization) is not { } token)
        {
            return null;
        }

        try
        {
            var claims = await tokens.ValidateOrganizationAsync(token, request.Organization).ConfigureAwait(false);
            return claims.IdentityNonce is { } nonce && store.Sessions.Find(nonce) is { } session
                && session.Email == claims.Email && time.GetUtcNow() < session.ExpiresAt ? session : null;
        }
        catch (AccessTokenException)
        {
            return null;
        }
    }

    /// <summary>The country of an address; null where it is not known.</summary>
    public string? CountryOf(string address) => IPAddress.TryParse(address, out var parsed) ? policies.CountryOf(parsed) : null;

    /// <summary>Whether the application's policies could let a person in who proves this address, says what for, and is approved, where that is asked.</summary>
    public bool Could(AccessRequest request, SignInState state, AccessApplicationRecord application, AccessSignIn signIn) =>
        policies.Could(PolicyDemands.WhenMet(application), Facts(request, state, signIn), request.Snapshot);

    /// <summary>
    /// Makes a session of a sign-in whose person the application lets in, and sets the organisation's cookie; of any other
    /// it makes nothing but an entry in the logs.
    /// </summary>
    /// <returns>Null when the policies refuse.</returns>
    public async Task<AccessSessionRecord?> StartAsync(
        AccessRequest request, SignInState state, AccessApplicationRecord application, AccessSignIn signIn)
    {
        var country = policies.CountryOf(request.Address);
        var (verdict, _) = await policies.DecideAsync(
            PolicyDemands.WhenMet(application), application.Aud, Facts(request, state, signIn),
            VisitorFacts.SubjectOf(signIn.Email, signIn.ProviderId, signIn.Claims),
            () => IdentityDocument.Of(signIn, request.Snapshot.Account.Id, country), request.Snapshot, request.Http.RequestAborted)
            .ConfigureAwait(false);
        Record(request, application, signIn, verdict.IsAllowed && PolicyDemands.Asks(application, verdict)
            ? verdict with { IsAllowed = false, Reason = "Asked for the purpose or an approval first. " + verdict.Reason } : verdict);
        if (!verdict.IsAllowed)
        {
            RecordFailure(request, signIn.Email, application, "denied by policy");
            return null;
        }

        var session = store.Sessions.Start(
            signIn with { Duration = Duration(request.Organization) },
            s => IdentityDocument.Of(s, request.Snapshot.Account.Id, country).ToJsonString());
        AccessCookies.Write(
            request.Http.Response, AccessCookies.Authorization, tokens.IssueForOrganization(request.Organization, session, country),
            session.ExpiresAt);
        return session;
    }

    /// <summary>The address at the application's host that ends the sign-in; null when the policies refuse.</summary>
    public async Task<string?> ContinueAsync(
        AccessRequest request, SignInState state, AccessApplicationRecord application, AccessSessionRecord session)
    {
        var verdict = await DecideAsync(request, state, application, session, demands.For(application, session, request.Snapshot.Lists, time.GetUtcNow()))
            .ConfigureAwait(false);
        if (!verdict.IsAllowed)
        {
            return null;
        }

        if (state.Approval is not null)
        {
            return state.Origin + state.Path;
        }

        var duration = Duration(application, verdict, session, request.Snapshot.Lists);
        if (store.Sessions.Open(session.Nonce, application.Id, state.Hostname, duration) is not { } opened)
        {
            return null;
        }

        var token = tokens.IssueForPerson(application, request.Organization, session, opened, policies.CountryOf(request.Address), duration);
        return codes.Issue(state, token, time.GetUtcNow() + duration) is { } code
            ? $"{state.Origin}/cdn-cgi/access/authorized?code={code}" : null;
    }

    /// <summary>What a person who could get in is asked for first: the purpose, and when that is said, an approval; nulls for nothing.</summary>
    public async Task<(AccessPolicy? Purpose, AccessPolicy? Approval)> AskingAsync(
        AccessRequest request, SignInState state, AccessApplicationRecord application, AccessSessionRecord session)
    {
        var met = await DecideAsync(request, state, application, session, PolicyDemands.WhenMet(application)).ConfigureAwait(false);
        return demands.AskingForPurpose(application, session, met) is { } purpose
            ? (purpose, null) : (null, demands.AskingForApproval(application, session, met, request.Snapshot.Lists));
    }

    // Nobody's token outlives the approval that it was issued under.
    private TimeSpan Duration(AccessApplicationRecord application, AccessVerdict verdict, AccessSessionRecord session, AccessLists lists)
    {
        var duration = AccessGate.Duration(application, verdict);
        return verdict.Policy is { } policy && AccessDemands.AsksForApproval(application.Policies.First(p => p.Id == policy.Id))
            && demands.ApprovedUntil(application, policy, session, lists) is { } until && until - time.GetUtcNow() < duration
                ? until - time.GetUtcNow() : duration;
    }

    /// <summary>Remembers what a person comes for, and writes it into the log.</summary>
    public AccessSessionRecord? Tell(
        AccessRequest request, AccessApplicationRecord application, AccessSessionRecord session, AccessPolicy policy, string purpose)
    {
        var duration = AccessDuration.TryParse(policy.SessionDuration, out var own) && own > TimeSpan.Zero ? own : application.SessionDuration;
        var told = store.Sessions.Tell(session.Nonce, new AccessPurpose(application.Id, policy.Id, purpose, time.GetUtcNow() + duration));
        Record(request, application, session, new AccessVerdict { IsAllowed = told is not null, Policy = policy, Reason = $"Purpose: {purpose}" });
        return told;
    }

    /// <summary>Writes down that somebody asked for an approval, gave it, or refused it.</summary>
    public void RecordApproval(
        AccessRequest request, AccessApplicationRecord application, AccessSessionRecord session, AccessPolicy policy, bool isAllowed, string reason) =>
        Record(request, application, session, new AccessVerdict { IsAllowed = isAllowed, Policy = policy, Reason = reason }, AccessRequestEntry.Approval);

    /// <summary>Remembers that somebody failed to prove an address, or was not let in with it.</summary>
    public void RecordFailure(AccessRequest request, string email, AccessApplicationRecord application, string reason) =>
        store.Users.AddFailedLogin(email, time.GetUtcNow(), new JsonObject
        {
            ["app_name"] = application.Name,
            ["aud"] = application.Aud,
            ["datetime"] = StoreTime.ToText(time.GetUtcNow()),
            ["user_email"] = email,
            ["ip"] = request.Address.ToString(),
            ["ray_id"] = request.RayId,
            ["reason"] = reason,
            ["user_agent"] = Cut(request.Http.Request.Headers.UserAgent.ToString()),
        }.ToJsonString());

    /// <summary>Writes a sign-in that failed before any policy was asked to the request log.</summary>
    /// <param name="email">The address that was to be proven; null where it is not known.</param>
    public void RecordRefusal(
        AccessRequest request, AccessApplicationRecord application, IdentityProviderRecord provider, string? email, string reason) =>
        store.AccessRequests.Append(new AccessRequestEntry
        {
            CreatedAt = time.GetUtcNow(),
            IsStranger = true,
            Allowed = false,
            UserEmail = email,
            IpAddress = request.Address.ToString(),
            Country = policies.CountryOf(request.Address),
            ApplicationId = application.Id,
            ApplicationDomain = application.Domains[0],
            ApplicationName = application.Name,
            ApplicationType = application.Type,
            Connection = provider.Type,
            IdentityProviderId = provider.Id,
            Reason = reason,
            RayId = request.RayId,
        });

    private async Task<AccessVerdict> DecideAsync(
        AccessRequest request, SignInState state, AccessApplicationRecord application, AccessSessionRecord session,
        IReadOnlyList<AccessPolicy> asked)
    {
        var visitor = VisitorFacts.Of(session.Email, session.ProviderId, session.Claims, request.Address);
        return (await policies.DecideAsync(
            asked, application.Aud, visitor with { Certificate = state.Certificate },
            VisitorFacts.SubjectOf(session.Email, session.ProviderId, session.Claims),
            () => IdentityDocument.Of(session, request.Snapshot.Account.Id, policies.CountryOf(request.Address)), request.Snapshot,
            request.Http.RequestAborted).ConfigureAwait(false)).Verdict;
    }

    // The certificate was shown at the application's host, not here; that host looks at it again at each request.
    private static AccessVisitor Facts(AccessRequest request, SignInState state, AccessSignIn signIn) =>
        VisitorFacts.Of(signIn.Email, signIn.ProviderId, signIn.Claims, request.Address) with { Certificate = state.Certificate };

    private void Record(
        AccessRequest request, AccessApplicationRecord application, AccessSessionRecord session, AccessVerdict verdict,
        string action = AccessRequestEntry.Login) => Record(request, application, new AccessSignIn
        {
            Email = session.Email, ProviderId = session.ProviderId, ProviderType = session.ProviderType,
            Address = session.Address, UserAgent = session.UserAgent, Duration = TimeSpan.Zero,
        }, verdict, action);

    private void Record(
        AccessRequest request, AccessApplicationRecord application, AccessSignIn signIn, AccessVerdict verdict,
        string action = AccessRequestEntry.Login) =>
        store.AccessRequests.Append(new AccessRequestEntry
        {
            CreatedAt = time.GetUtcNow(),
            Action = action,
            Allowed = verdict.IsAllowed,
            UserEmail = signIn.Email,
            IpAddress = request.Address.ToString(),
            Country = policies.CountryOf(request.Address),
            ApplicationId = application.Id,
            ApplicationDomain = application.Domains[0],
            ApplicationName = application.Name,
            ApplicationType = application.Type,
            Connection = signIn.ProviderType,
            IdentityProviderId = Guid.TryParse(signIn.ProviderId, out var provider) ? provider : null,
            Policy = verdict.Policy?.Name,
            Reason = verdict.Reason,
            RayId = request.RayId,
        });

    private static string Cut(string text) => text.Length > 256 ? text[..256] : text;

    private static TimeSpan Duration(OrganizationRecord organization) =>
        AccessDuration.TryParse(organization.SessionDuration, out var own) && own > TimeSpan.Zero ? own : s_defaultDuration;
}
