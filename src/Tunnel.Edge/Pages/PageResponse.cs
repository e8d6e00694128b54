using System.Text;
using Microsoft.AspNetCore.Http;
using Tunnel.Edge.Store;

namespace Tunnel.Edge.Pages;

/// <summary>Sends pages, with headers that keep everything out of them that is not in them.</summary>
internal static class PageResponse
{
    public static async Task WriteAsync(HttpContext context, Page page)
    {
        ArgumentNullException.ThrowIfNull(context);
        ArgumentNullException.ThrowIfNull(page);
        var body = Encoding.UTF8.GetBytes(PageLayout.Render(page).ToString());
        var response = context.Response;
        response.StatusCode = page.StatusCode;
        Protect(response, page.FormTargets, page.Design);
        response.ContentType = "text/html; charset=utf-8";
        response.ContentLength = body.Length;
        if (!HttpMethods.IsHead(context.Request.Method))
        {
            await response.Body.WriteAsync(body, context.RequestAborted).ConfigureAwait(false);
        }
    }

    /// <summary>
    /// Goes on to another page with GET, after a form (303), so that a reload does not post it again.
    /// </summary>
    public static void Redirect(HttpContext context, PageAddress address)
    {
        ArgumentNullException.ThrowIfNull(context);
        Protect(context.Response, []);
        context.Response.StatusCode = StatusCodes.Status303SeeOther;
        context.Response.Headers.Location = address.ToString();
    }

    /// <summary>The headers of a page, for an answer that is none, such as a file to save.</summary>
    /// <param name="formTargets">See <see cref="Page.FormTargets"/>.</param>
    /// <param name="design">See <see cref="Page.Design"/>.</param>
    public static void Protect(HttpResponse response, IReadOnlyList<string> formTargets, LoginDesign? design = null)
    {
        var headers = response.Headers;
        var targets = string.Concat(formTargets.Select(target => " " + target));
        var picture = design?.Logo is { } logo ? " " + logo.GetLeftPart(UriPartial.Authority) : "";
        headers.ContentSecurityPolicy =
            $"default-src 'none'; style-src {PageStyle.HashSources(design)}; img-src data:{picture}; form-action 'self'{targets}; " +
            "base-uri 'none'; frame-ancestors 'none'";
        headers.XFrameOptions = "DENY";
        headers.XContentTypeOptions = "nosniff";
        // Not no-referrer: with that, browsers send "Origin: null" with forms.
        headers["Referrer-Policy"] = "same-origin";
        headers["Cross-Origin-Opener-Policy"] = "same-origin";
        headers["Cross-Origin-Resource-Policy"] = "same-origin";
        headers["Permissions-Policy"] = "camera=(), geolocation=(), microphone=()";
        headers.CacheControl = "no-store";
    }
}
