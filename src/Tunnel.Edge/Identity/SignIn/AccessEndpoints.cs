using Microsoft.AspNetCore.Http;
using Tunnel.Edge.Identity.Certificates;
using Tunnel.Edge.Pages;
using Tunnel.Edge.Store;
using Tunnel.Edge.Transfers;

namespace Tunnel.Edge.Identity.SignIn;

/// <summary>What the edge itself serves under <c>/cdn-cgi/access</c>: at the team domain, and at every application's host.</summary>
internal sealed class AccessEndpoints(
    EdgeStore store, ApplicationTokens tokens, SignInFlow flow, SignInEndpoints login, OidcEndpoints oidc,
    ApplicationHostEndpoints host, PurposeEndpoints purposes, ApprovalEndpoints approvals, ApproverEndpoints approvers, CertificateEndpoint certificates, TransferStore transfers, TimeProvider time)
{
    public const string BasePath = "/cdn-cgi/access";

    /// <param name="request">The request.</param>
    /// <param name="path">What follows <see cref="BasePath"/>.</param>
    public Task ServeAsync(AccessRequest request, PathString path)
    {
        var isTeam = request.Hostname.Equals(request.Organization.AuthDomain, StringComparison.OrdinalIgnoreCase);
        return (request, (path.Value ?? "").Split('/')) switch
        {
            ({ IsGet: true }, ["", "certs"]) => ServeKeysAsync(request),
            ({ IsGet: true }, ["", "get-identity"]) => ServeIdentityAsync(request, isTeam),
            ({ IsGet: true }, ["", "logout"]) => SignOutAsync(request, isTeam),
            ({ IsGet: true }, ["", "login", { Length: > 0 } hostname]) when isTeam => login.ShowAsync(request, hostname.ToLowerInvariant()),
            ({ IsPost: true }, ["", "login", { Length: > 0 } hostname]) when isTeam => login.SendPinAsync(request, hostname.ToLowerInvariant()),
            ({ IsGet: true }, ["", "pin"]) when isTeam => login.ShowPinAsync(request),
            ({ IsPost: true }, ["", "pin"]) when isTeam => login.TakePinAsync(request),
            ({ IsGet: true }, ["", "purpose"]) when isTeam => purposes.ShowAsync(request),
            ({ IsPost: true }, ["", "purpose"]) when isTeam => purposes.TakeAsync(request),
            ({ IsGet: true }, ["", "approval"]) when isTeam => approvals.ShowAsync(request),
            ({ IsPost: true }, ["", "approval"]) when isTeam => approvals.TakeAsync(request),
            ({ IsGet: true }, ["", "approve", { Length: > 0 } id]) when isTeam => approvers.ShowAsync(request, id),
            ({ IsPost: true }, ["", "approve", { Length: > 0 } id]) when isTeam => approvers.DecideAsync(request, id),
            ({ IsGet: true }, ["", "oidc", { Length: > 0 } provider]) when isTeam => oidc.BeginAsync(request, provider),
            ({ IsPost: true }, ["", "cert_sign"]) when isTeam => certificates.SignAsync(request),
            ({ IsGet: true }, ["", "transfer", var key]) when isTeam => TransferEndpoints.TakeAsync(request.Http, transfers, key, isSealed: true),
            ({ IsGet: true }, ["", "callback"]) when isTeam => oidc.FinishAsync(request),
            ({ IsGet: true }, ["", "authorized"]) when !isTeam => host.AuthorizeAsync(request),
            ({ IsGet: true }, ["", "cli"]) when !isTeam => host.ShowCliAsync(request),
            ({ IsPost: true }, ["", "cli"]) when !isTeam => host.DecideCliAsync(request),
            _ => PageResponse.WriteAsync(request.Http, SignInPages.Message(
                request, StatusCodes.Status404NotFound, "Nothing is here", "There is nothing at this address.")),
        };
    }

    private async Task ServeKeysAsync(AccessRequest request)
    {
        var response = request.Http.Response;
        response.ContentType = "application/json";
        response.Headers.CacheControl = "public, max-age=300";
        await WriteAsync(request, tokens.KeySet).ConfigureAwait(false);
    }

    private async Task ServeIdentityAsync(AccessRequest request, bool isTeam)
    {
        var session = await FindSessionAsync(request, isTeam).ConfigureAwait(false);
        var response = request.Http.Response;
        response.ContentType = "application/json";
        response.Headers.CacheControl = "no-store";
        response.StatusCode = session is null ? StatusCodes.Status400BadRequest : StatusCodes.Status200OK;
        await WriteAsync(request, session is null
            ? """{"err":"no app token set"}"""u8.ToArray()
            : System.Text.Encoding.UTF8.GetBytes(IdentityDocument.Of(
                session, request.Snapshot.Account.Id, flow.CountryOf(session.Address)).ToJsonString())).ConfigureAwait(false);
    }

    /// <summary>Ends the whole session, in every application, wherever the person signs out.</summary>
    private async Task SignOutAsync(AccessRequest request, bool isTeam)
    {
        if (await FindSessionAsync(request, isTeam).ConfigureAwait(false) is { } session)
        {
            store.Sessions.RevokeSession(session.Nonce);
            store.AccessRequests.Append(new AccessRequestEntry
            {
                CreatedAt = time.GetUtcNow(),
                Action = AccessRequestEntry.Logout,
                Allowed = true,
                UserEmail = session.Email,
                IpAddress = request.Address.ToString(),
                Country = flow.CountryOf(request.Address.ToString()),
                ApplicationDomain = request.Hostname,
                Connection = session.ProviderType,
                Reason = "The person signed out.",
                RayId = request.RayId,
            });
        }

        AccessCookies.Remove(request.Http.Response, AccessCookies.Authorization);
        AccessCookies.Remove(request.Http.Response, AccessCookies.ApplicationSession);
        AccessCookies.Remove(request.Http.Response, AccessCookies.HostApplicationSession);
        await PageResponse.WriteAsync(request.Http, SignInPages.SignedOut(request)).ConfigureAwait(false);
    }

    private async Task<AccessSessionRecord?> FindSessionAsync(AccessRequest request, bool isTeam) => isTeam
        ? await flow.FindSessionAsync(request).ConfigureAwait(false)
        : (await host.IdentifyAsync(request).ConfigureAwait(false))?.Session;

    private static Task WriteAsync(AccessRequest request, byte[] body) => HttpMethods.IsHead(request.Http.Request.Method)
        ? Task.CompletedTask
        : request.Http.Response.Body.WriteAsync(body, request.Http.RequestAborted).AsTask();
}
