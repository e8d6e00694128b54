using System.Text.Json.Nodes;
using Tunnel.Access;
using Tunnel.Edge.Store;
using Tunnel.Protocol.Tokens;

namespace Tunnel.Edge.Identity.SignIn;

/// <summary>
/// What all ways to sign in share: a proven address becomes a session, and a session opens an application whose policies
/// let its person in.
/// </summary>
internal sealed class SignInFlow(EdgeStore store, ApplicationTokens tokens, AuthorizationCodes codes, TimeProvider time)
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

    /// <summary>Whether the application's policies would let a person in who proves this address, and says what for where that is asked.</summary>
    public static AccessVerdict Decide(AccessRequest request, AccessApplicationRecord application, AccessSignIn signIn) =>
        PolicyEvaluator.Evaluate(PurposePolicies.WhenTold(application), VisitorFacts.Of(signIn.Email, signIn.ProviderId, signIn.Claims, request.Address),
            request.Snapshot.Groups);

    /// <summary>
    /// Makes a session of a sign-in whose person the application lets in, and sets the organisation's cookie; of any other
    /// it makes nothing but an entry in the logs.
    /// </summary>
    /// <returns>Null when the policies refuse.</returns>
    public AccessSessionRecord? Start(AccessRequest request, AccessApplicationRecord application, AccessSignIn signIn)
    {
        var verdict = Decide(request, application, signIn);
        Record(request, application, signIn, verdict.Policy is { } policy && AccessDemands.AsksForPurpose(
            application.Policies.First(p => p.Id == policy.Id))
                ? verdict with { IsAllowed = false, Reason = "Asked for the purpose first. " + verdict.Reason } : verdict);
        if (!verdict.IsAllowed)
        {
            RecordFailure(request, signIn.Email, application, "denied by policy");
            return null;
        }

        var session = store.Sessions.Start(
            signIn with { Duration = Duration(request.Organization) },
            s => IdentityDocument.Of(s, request.Snapshot.Account.Id).ToJsonString());
        AccessCookies.Write(
            request.Http.Response, AccessCookies.Authorization, tokens.IssueForOrganization(request.Organization, session),
            session.ExpiresAt);
        return session;
    }

    /// <summary>The address at the application's host that ends the sign-in; null when the policies refuse.</summary>
    public string? Continue(AccessRequest request, SignInState state, AccessApplicationRecord application, AccessSessionRecord session)
    {
        var verdict = PolicyEvaluator.Evaluate(
            PurposePolicies.For(application, session, time.GetUtcNow()),
            VisitorFacts.Of(session.Email, session.ProviderId, session.Claims, request.Address), request.Snapshot.Groups);
        if (!verdict.IsAllowed)
        {
            return null;
        }

        var duration = AccessGate.Duration(application, verdict);
        if (store.Sessions.Open(session.Nonce, application.Id, state.Hostname, duration) is not { } opened)
        {
            return null;
        }

        var token = tokens.IssueForPerson(application, request.Organization, session, opened, duration);
        return codes.Issue(state, token, time.GetUtcNow() + duration) is { } code
            ? $"{state.Origin}/cdn-cgi/access/authorized?code={code}" : null;
    }

    /// <summary>The policy that wants to know what a person who may get in comes for; null when none does.</summary>
    public static AccessPolicy? Asking(AccessRequest request, AccessApplicationRecord application, AccessSessionRecord session) =>
        PurposePolicies.Asking(
            application, VisitorFacts.Of(session.Email, session.ProviderId, session.Claims, request.Address), request.Snapshot.Groups);

    /// <summary>Remembers what a person comes for, and writes it into the log.</summary>
    public AccessSessionRecord? Tell(
        AccessRequest request, AccessApplicationRecord application, AccessSessionRecord session, AccessPolicy policy, string purpose)
    {
        var duration = AccessDuration.TryParse(policy.SessionDuration, out var own) && own > TimeSpan.Zero ? own : application.SessionDuration;
        var told = store.Sessions.Tell(session.Nonce, new AccessPurpose(application.Id, policy.Id, purpose, time.GetUtcNow() + duration));
        Record(request, application, new AccessSignIn
        {
            Email = session.Email, ProviderId = session.ProviderId, ProviderType = session.ProviderType,
            Address = session.Address, UserAgent = session.UserAgent, Duration = TimeSpan.Zero,
        }, new AccessVerdict { IsAllowed = told is not null, Policy = policy, Reason = $"Purpose: {purpose}" });
        return told;
    }

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
            Allowed = false,
            UserEmail = email,
            IpAddress = request.Address.ToString(),
            ApplicationId = application.Id,
            ApplicationDomain = application.Domains[0],
            ApplicationName = application.Name,
            ApplicationType = application.Type,
            Connection = provider.Type,
            IdentityProviderId = provider.Id,
            Reason = reason,
            RayId = request.RayId,
        });

    private void Record(AccessRequest request, AccessApplicationRecord application, AccessSignIn signIn, AccessVerdict verdict) =>
        store.AccessRequests.Append(new AccessRequestEntry
        {
            CreatedAt = time.GetUtcNow(),
            Allowed = verdict.IsAllowed,
            UserEmail = signIn.Email,
            IpAddress = request.Address.ToString(),
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
