using System.Security.Cryptography;
using Microsoft.AspNetCore.Http;
using Microsoft.AspNetCore.Http.Extensions;
using Tunnel.Access;
using Tunnel.Edge.Store;

namespace Tunnel.Edge.Identity.SignIn;

/// <summary>Sends a visitor of an application to the team domain, bound to the visitor's browser.</summary>
internal sealed class LoginRedirect(SignInStates states, TimeProvider time)
{
    /// <summary>A longer one does not fit into the addresses that follow: the visitor then starts at the front page.</summary>
    private const int MaxPathLength = 1500;

    private const int MaxBindingLength = 128;

    /// <summary>As long as a state: the cookie is of no use after it.</summary>
    private static readonly TimeSpan s_bindingDuration = TimeSpan.FromHours(1);

    /// <summary>The address of the sign-in; sets the cookie that it is bound to.</summary>
    /// <param name="context">A request at one of the application's hosts.</param>
    /// <param name="hostname">That host.</param>
    /// <param name="application">The application.</param>
    /// <param name="organization">Whose team domain it is.</param>
    /// <param name="path">Where to go on after the sign-in; null for the request's own path.</param>
    /// <param name="certificate">What the request was worth by its client certificate; null where none was asked for.</param>
    public string Begin(
        HttpContext context, string hostname, AccessApplicationRecord application, OrganizationRecord organization, string? path = null,
        VisitorCertificate? certificate = null)
    {
        var request = context.Request;
        if (AccessCookies.ReadBinding(request) is not { Length: <= MaxBindingLength } binding)
        {
            binding = RandomNumberGenerator.GetHexString(32, lowercase: true);
        }

        AccessCookies.WriteBinding(context.Response, binding, time.GetUtcNow() + s_bindingDuration);
        path ??= request.GetEncodedPathAndQuery();
        path = path.Length > MaxPathLength ? "/" : path;
        var state = states.Write(new SignInState(hostname, request.Host.Port, application.Aud, path, states.BindingOf(binding))
        {
            Certificate = certificate,
        });
        return $"{SignInState.AddressOf(organization.AuthDomain, request.Host.Port)}/cdn-cgi/access/login/{hostname}?kid={application.Aud}" +
            $"&redirect_url={Uri.EscapeDataString(path)}&meta={state}";
    }
}
