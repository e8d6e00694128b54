using System.Text;
using Microsoft.AspNetCore.Http;
using Microsoft.AspNetCore.Http.Features;
using Tunnel.Edge.Identity;
using Tunnel.Edge.Identity.SignIn;
using Tunnel.Edge.Pages;
using Tunnel.Edge.Store;

namespace Tunnel.Edge.Gateway;

/// <summary>Tells a visitor no: programs by one line of text, people by a page or where the application's owner sends them.</summary>
internal static class RefusalResponse
{
    /// <summary>The answer to what Access refused.</summary>
    public static async Task WriteAsync(HttpContext context, AccessOutcome.Refused refused, OrganizationRecord organization)
    {
        if (!IsNavigation(context))
        {
            await WriteAsync(context, refused.Status, refused.Message).ConfigureAwait(false);
        }
        else if (refused.Location is { } location)
        {
            context.Response.Headers.Location = location.AbsoluteUri;
            await WriteAsync(context, StatusCodes.Status302Found, refused.Message).ConfigureAwait(false);
        }
        else if (context.Request.Headers.Accept.ToString().Contains("text/html", StringComparison.OrdinalIgnoreCase))
        {
            await PageResponse.WriteAsync(context, SignInPages.Refused(organization, refused.Status, refused.Message)).ConfigureAwait(false);
        }
        else
        {
            await WriteAsync(context, refused.Status, refused.Message).ConfigureAwait(false);
        }
    }

    /// <summary>One line of text.</summary>
    public static async Task WriteAsync(HttpContext context, int status, string message)
    {
        if (context.Response.HasStarted)
        {
            context.Abort();
            return;
        }

        var body = Encoding.UTF8.GetBytes(message + "\n");
        context.Response.StatusCode = status;
        context.Response.ContentType = "text/plain; charset=utf-8";
        context.Response.ContentLength = body.Length;
        context.Response.Headers.CacheControl = "no-store";
        if (!HttpMethods.IsHead(context.Request.Method))
        {
            await context.Response.Body.WriteAsync(body, context.RequestAborted).ConfigureAwait(false);
        }
    }

    // A stream's client looks for 403, and takes a redirect for a sign-in.
    private static bool IsNavigation(HttpContext context) =>
        (HttpMethods.IsGet(context.Request.Method) || HttpMethods.IsHead(context.Request.Method))
        && context.Features.Get<IHttpUpgradeFeature>()?.IsUpgradableRequest != true;
}
