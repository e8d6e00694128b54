using System.Net;
using Microsoft.AspNetCore.Http;
using Tunnel.Access;
using Tunnel.Edge.Identity.SignIn;
using Tunnel.Edge.Store;
using Tunnel.Protocol.Tokens;

namespace Tunnel.Edge.Identity;

/// <summary>Decides, before a byte goes to a connector, whether a request gets through.</summary>
internal sealed class AccessGate(
    ApplicationTokens tokens, TokenBinding binding, AccessSessions sessions, PolicyDecider policies, PolicyDemands demands,
    ClientCertificates certificates, DecisionLog log, TimeProvider time)
{
    /// <summary>Carries an application token, as the cookie of <see cref="AccessCookies"/> does.</summary>
    private const string TokenHeader = "Cf-Access-Token";

    private static readonly TimeSpan s_leastDuration = TimeSpan.FromSeconds(30);

    /// <summary>Where decisions are written down.</summary>
    public DecisionLog Log => log;

    /// <summary>The country of an address; null where it is not known.</summary>
    public string? CountryOf(IPAddress address) => policies.CountryOf(address);

    /// <param name="path">As <see cref="CanonicalPath"/> has it.</param>
    /// <param name="rayId">What the request log and the visitor's response call this request.</param>
    public async Task<AccessOutcome> DecideAsync(
        HttpRequest request, string hostname, string path, IPAddress address, string rayId, GatewaySnapshot snapshot)
    {
        var application = ApplicationMatcher.Find(snapshot.Applications, hostname, path);
        if (application is null)
        {
            return snapshot.Organization.Settings.Denies(hostname)
                ? RefuseUnmatched(hostname, address, rayId) : AllowUnmatched(hostname, address, rayId);
        }

        if (application.Settings.PassesPreflights && IsPreflight(request))
        {
            log.Decided(application, hostname, address, rayId, visitor: null, new AccessVerdict
            {
                IsAllowed = true, Reason = "A CORS preflight, which the application lets through unasked.",
            });
            return new AccessOutcome.Granted(application, null, application.SessionDuration, SetsCookie: false, IsUnasked: true);
        }

        var proof = await VerifyAsync(request, application, snapshot).ConfigureAwait(false);
        var shown = certificates.Verify(request.HttpContext.Features.Get<ShownCertificate>(), hostname, snapshot);
        proof = proof.With(shown.Rejection);
        var (verdict, visitor) = await JudgeAsync(request.HttpContext, application, proof.Identity, shown, address, snapshot)
            .ConfigureAwait(false);
        var machine = proof.Identity is null && verdict is { IsAllowed: true, Policy.Decision: AccessDecision.NonIdentity }
            ? ClientCertificates.MachineOf(request.HttpContext, application, shown) : null;
        log.Decided(application, hostname, address, rayId, proof.Identity ?? machine, verdict, proof.Rejection);
        return verdict.IsAllowed
            ? new AccessOutcome.Granted(
                application, proof.Identity ?? machine, Duration(application, verdict),
                SetsCookie: proof is { Identity: not null, IsToken: false } && !snapshot.Organization.Settings.IsStrictWithServiceTokens)
            {
                Visitor = visitor, Shown = request.HttpContext.Features.Get<ShownCertificate>(),
            }
            : Refuse(
                application, snapshot.Organization, proof, NeedsSignIn(application, proof, visitor, snapshot, verdict), shown.Certificate);
    }

    // The sign-in is where people say who they are and what they come for, and ask to be approved.
    private static bool NeedsSignIn(
        AccessApplicationRecord application, Proof proof, AccessVisitor visitor, GatewaySnapshot snapshot, AccessVerdict verdict)
    {
        var policies = PolicyDemands.WhenMet(application);
        var met = ReferenceEquals(policies, application.Policies) ? verdict : PolicyEvaluator.Evaluate(policies, visitor, snapshot.Groups, snapshot.Lists);
        return proof.Identity is null ? verdict.NeedsIdentity || met.NeedsIdentity : proof.Identity.Session is not null && met.IsAllowed;
    }

    /// <summary>
    /// Whether what was let in would be let in again, under the applications and policies as they are now. Endpoints that were
    /// asked then are not asked again.
    /// </summary>
    public bool Allows(AccessOutcome outcome, string hostname, string path, GatewaySnapshot snapshot)
    {
        var application = ApplicationMatcher.Find(snapshot.Applications, hostname, path);
        return outcome is AccessOutcome.Granted granted
            ? application?.Aud == granted.Application.Aud
                && (granted.IsUnasked || PolicyEvaluator.Evaluate(demands.For(application, granted.Identity?.Session, snapshot.Lists), granted.Visitor with
                {
                    Certificate = certificates.Verify(granted.Shown, hostname, snapshot).Certificate,
                }, snapshot.Groups, snapshot.Lists).IsAllowed)
            : application is null && !snapshot.Organization.Settings.Denies(hostname);
    }

    /// <summary>What the application's policies say of a visitor who has proven this, or nothing.</summary>
    public async Task<AccessVerdict> JudgeAsync(
        HttpContext http, AccessApplicationRecord application, VerifiedIdentity? identity, string hostname, IPAddress address,
        GatewaySnapshot snapshot)
    {
        var shown = certificates.Verify(http.Features.Get<ShownCertificate>(), hostname, snapshot);
        return (await JudgeAsync(http, application, identity, shown, address, snapshot).ConfigureAwait(false)).Verdict;
    }

    private Task<PolicyDecision> JudgeAsync(
        HttpContext http, AccessApplicationRecord application, VerifiedIdentity? identity, ClientCertificateVerdict shown,
        IPAddress address, GatewaySnapshot snapshot)
    {
        var visitor = identity is { Session: { } session }
            ? VisitorFacts.Of(session.Email, session.ProviderId, session.Claims, address)
            : new AccessVisitor
            {
                Address = address,
                ServiceTokenId = identity?.ServiceToken?.Id.ToString(),
                ServiceTokenName = identity?.ServiceToken?.Name,
            };
        var subject = identity switch
        {
            { Session: { } person } => VisitorFacts.SubjectOf(person.Email, person.ProviderId, person.Claims),
            not null => identity.Subject,
            _ => shown.AuthorityId is null ? null : ClientCertificates.SubjectOf(http),
        };
        return policies.DecideAsync(
            demands.For(application, identity?.Session, snapshot.Lists), application.Aud, visitor with { Certificate = shown.Certificate }, subject,
            () => identity?.Session is { } person
                ? IdentityDocument.Of(person, snapshot.Account.Id, CountryOf(address))
                : IdentityDocument.Of(identity, shown.Certificate, snapshot.Account.Id, address.ToString(), CountryOf(address)),
            snapshot, http.RequestAborted);
    }

    /// <summary>What an application token proves, whichever application it is for.</summary>
    /// <exception cref="AccessTokenException">Nothing: it is not valid, or what it was issued for is over.</exception>
    public async Task<ShownToken> IdentifyAsync(string token, GatewaySnapshot snapshot)
    {
        var claims = await tokens.ValidateAsync(token, [.. snapshot.ApplicationsByAud.Keys], snapshot.Organization).ConfigureAwait(false);
        var application = snapshot.ApplicationsByAud[claims.Audiences.First(snapshot.ApplicationsByAud.ContainsKey)];
        return new ShownToken(Identify(claims, application, snapshot) with { Token = token }, application, claims.ExpiresAt);
    }

    /// <summary>Who showed the request's application token; null when there is none that is valid.</summary>
    public async Task<VerifiedIdentity?> IdentifyAsync(
        HttpRequest request, AccessApplicationRecord application, GatewaySnapshot snapshot) =>
        (await VerifyTokenAsync(request, application, snapshot).ConfigureAwait(false)).Identity;

    /// <summary>
    /// A policy's own duration counts more than its application's. Never less than it takes to come back from the sign-in:
    /// with the shorter ones that the API takes, a browser would go round for ever.
    /// </summary>
    public static TimeSpan Duration(AccessApplicationRecord application, AccessVerdict verdict)
    {
        var wanted = AccessDuration.TryParse(verdict.Policy?.SessionDuration, out var own) && own > TimeSpan.Zero ? own : application.SessionDuration;
        return wanted < s_leastDuration ? s_leastDuration : wanted;
    }

    private async Task<Proof> VerifyAsync(HttpRequest request, AccessApplicationRecord application, GatewaySnapshot snapshot)
    {
        if (ShownServiceToken.Read(request, application) is { } shown)
        {
            return shown is { ClientId: { } id, ClientSecret: { } secret }
                && snapshot.ServiceTokens.TryGetValue(id, out var token) && token.Accepts(secret, time.GetUtcNow())
                ? new Proof(new VerifiedIdentity(null, token, sessions.NonceOf(token, secret, application.Id)))
                : new Proof(null, IsMachine: true, Rejection: "the service token is not valid");
        }

        return await VerifyTokenAsync(request, application, snapshot).ConfigureAwait(false);
    }

    private async Task<Proof> VerifyTokenAsync(HttpRequest request, AccessApplicationRecord application, GatewaySnapshot snapshot)
    {
        IReadOnlyList<string> presented = request.Headers.TryGetValue(TokenHeader, out var values)
            ? [values.ToString()] : AccessCookies.ReadAll(request, AccessCookies.Authorization);
        var proof = new Proof(null);
        foreach (var token in presented.Where(t => t.Length > 0))
        {
            proof = await VerifyTokenAsync(request, token, application, snapshot).ConfigureAwait(false);
            if (proof.Identity is not null)
            {
                break;
            }
        }

        return proof;
    }

    private async Task<Proof> VerifyTokenAsync(
        HttpRequest request, string presented, AccessApplicationRecord application, GatewaySnapshot snapshot)
    {
        if (application.Settings.TokenIsBoundToBrowser && !binding.IsShown(request, presented))
        {
            return new Proof(null, IsToken: true, Rejection: "the token came without its binding cookie");
        }

        try
        {
            var claims = await tokens.ValidateAsync(presented, application, snapshot.Organization).ConfigureAwait(false);
            return new Proof(Identify(claims, application, snapshot) with { Token = presented }, IsToken: true);
        }
        catch (AccessTokenException error)
        {
            return new Proof(null, IsToken: true, Rejection: error.Message);
        }
    }

    /// <summary>
    /// A token outlives neither the session nor the service token that it was issued for: revoked, rotated, removed or
    /// expired, it opens nothing. Nor does it outlive the way in which its person signed in.
    /// </summary>
    private VerifiedIdentity Identify(AccessTokenClaims claims, AccessApplicationRecord application, GatewaySnapshot snapshot)
    {
        if (claims.CommonName is { Length: > 0 } clientId)
        {
            return snapshot.ServiceTokens.TryGetValue(clientId, out var token)
                && sessions.IsNonceOf(token, application.Id, claims.IdentityNonce)
                    ? new VerifiedIdentity(null, token, claims.IdentityNonce!)
                    : throw new AccessTokenException(AccessTokenRefusal.Malformed, "The service token behind it is gone.");
        }

        return claims is { Email.Length: > 0, IdentityNonce: { } nonce, SessionId: { } id }
            && sessions.Find(nonce, id, application.Id) is { } session && session.Email == claims.Email
            && LoginMethods.Allows(application, snapshot, session.ProviderId)
                ? new VerifiedIdentity(session, null, nonce, id)
                : throw new AccessTokenException(AccessTokenRefusal.Malformed, "The session behind it is over.");
    }

    // A preflight says what a script is about to send, and never carries cookies (Fetch, section 4.8).
    private static bool IsPreflight(HttpRequest request) =>
        HttpMethods.IsOptions(request.Method) && request.Headers.Origin.Count == 1 && request.Headers.AccessControlRequestMethod.Count == 1;

    private AccessOutcome.Refused RefuseUnmatched(string hostname, IPAddress address, string rayId)
    {
        const string reason = "No application covers the hostname, and the organisation lets nobody in without one.";
        log.Unmatched(hostname, address, rayId, isAllowed: false, reason);
        return new AccessOutcome.Refused(StatusCodes.Status403Forbidden, reason);
    }

    private AccessOutcome.Unprotected AllowUnmatched(string hostname, IPAddress address, string rayId)
    {
        log.Unmatched(hostname, address, rayId, isAllowed: true, "No application covers the hostname: nobody is asked.");
        return new AccessOutcome.Unprotected();
    }

    private static AccessOutcome Refuse(
        AccessApplicationRecord application, OrganizationRecord organization, Proof proof, bool needsSignIn,
        VisitorCertificate? certificate)
    {
        // A machine that showed something is told no; a person who could still sign in is sent there.
        var isMachine = proof.IsMachine || proof.Identity?.ServiceToken is not null;
        if (needsSignIn && !isMachine)
        {
            return new AccessOutcome.SignIn(application, certificate);
        }

        if (proof.Identity is null && (application.ServiceAuth401Redirect || (isMachine && organization.Settings.IsStrictWithServiceTokens)))
        {
            return new AccessOutcome.Refused(StatusCodes.Status401Unauthorized, "A valid service token is needed.");
        }

        // A machine looks at the status; people are sent where the application's owner wants them.
        var settings = application.Settings;
        return new AccessOutcome.Refused(
            StatusCodes.Status403Forbidden, settings.DenyMessage ?? "Access to this hostname is not allowed for you.",
            isMachine ? null : proof.Identity is null ? settings.NonIdentityDenyAddress : settings.DenyAddress);
    }

    /// <param name="IsMachine">Something was shown that people do not have.</param>
    private sealed record Proof(VerifiedIdentity? Identity, bool IsToken = false, bool IsMachine = false, string? Rejection = null)
    {
        public Proof With(string? rejection) => rejection is null ? this
            : this with { Rejection = Rejection is null ? rejection : $"{Rejection}; {rejection}" };
    }
}
