using System.Net;
using Microsoft.AspNetCore.Http;
using Tunnel.Edge.Api.Http;
using Tunnel.Edge.Store;

namespace Tunnel.Edge.Identity.SignIn;

/// <summary>One request to what the edge itself serves under <c>/cdn-cgi/access</c>.</summary>
/// <param name="Http">The request.</param>
/// <param name="Hostname">In lower case, without port.</param>
/// <param name="Address">Where it comes from.</param>
/// <param name="RayId">What logs and the response call it.</param>
/// <param name="Snapshot">What to decide by.</param>
internal sealed record AccessRequest(HttpContext Http, string Hostname, IPAddress Address, string RayId, GatewaySnapshot Snapshot)
{
    public OrganizationRecord Organization => Snapshot.Organization;

    public bool IsGet => HttpMethods.IsGet(Http.Request.Method) || HttpMethods.IsHead(Http.Request.Method);

    public bool IsPost => HttpMethods.IsPost(Http.Request.Method);

    /// <summary>The application of a state, if it still is one and covers the host that the browser goes back to.</summary>
    public AccessApplicationRecord? ApplicationOf(SignInState state)
    {
        if (!Snapshot.ApplicationsByAud.TryGetValue(state.Audience, out var application))
        {
            return null;
        }

        if (state.Approval is { } policy)
        {
            return state.Hostname.Equals(Organization.AuthDomain, StringComparison.OrdinalIgnoreCase) ? ApproverSignIn.Of(application, policy, this) : null;
        }

        // A wildcard application covers whatever ends like it, also what leads a browser elsewhere: "evil.test?.example.com".
        return DomainName.IsValid(DomainName.Normalize(state.Hostname), wildcard: false)
            && ApplicationMatcher.HostOf(application, state.Hostname) is not null ? application : null;
    }
}
