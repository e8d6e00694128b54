using Microsoft.AspNetCore.Http;
using Tunnel.Edge.Store;

namespace Tunnel.Edge.Identity;

/// <summary>The cookies of a sign-in. The names are Cloudflare's.</summary>
internal static class AccessCookies
{
    /// <summary>More than this many of one name are nobody's: browsers send one for each path that has one.</summary>
    private const int MaxOfOneName = 8;

    /// <summary>On an application's host its token, on the team domain the organisation's.</summary>
    public const string Authorization = "CF_Authorization";

    /// <summary>
    /// On an application's host: binds a sign-in to the browser that asked for it, so that nobody can be signed in by
    /// somebody else's link.
    /// </summary>
    public const string ApplicationSession = "CF_AppSession";

    /// <summary>
    /// The same value as <see cref="ApplicationSession"/>, under a name that browsers let only this very host set (RFC
    /// 6265bis, section 4.1.3.2): no site beside it can put a sign-in of its own there.
    /// </summary>
    public const string HostApplicationSession = "__Host-CF_AppSession";

    /// <summary>
    /// On an application's host, where the application is set to it: without this one its token counts for nothing. No
    /// origin sees it.
    /// </summary>
    public const string Binding = "CF_Binding";

    /// <summary>What binds a sign-in to the browser; null where there is nothing to believe.</summary>
    /// <remarks>Browsers that tell where a request comes from know the prefix, too; programs such as cloudflared know neither.</remarks>
    public static string? ReadBinding(HttpRequest request) =>
        Read(request, request.Headers.ContainsKey("Sec-Fetch-Site") ? HostApplicationSession : ApplicationSession);

    public static void WriteBinding(HttpResponse response, string binding, DateTimeOffset expires)
    {
        Write(response, ApplicationSession, binding, expires);
        Write(response, HostApplicationSession, binding, expires);
    }

    /// <summary>The one cookie of that name; null where there is none, or more than one and none can be told from the other.</summary>
    public static string? Read(HttpRequest request, string name) => ReadAll(request, name) is [{ Length: > 0 } value] ? value : null;

    /// <summary>All cookies of that name: there is one for each path when an application's cookie is bound to its path.</summary>
    /// <remarks>ASP.NET's own reader takes a name in any case: a site beside this one could set "cf_appsession" for the zone.</remarks>
    public static IReadOnlyList<string> ReadAll(HttpRequest request, string name)
    {
        var prefix = name + "=";
        return [.. request.Headers.Cookie.SelectMany(header => (header ?? "").Split(';', StringSplitOptions.TrimEntries))
            .Where(part => part.StartsWith(prefix, StringComparison.Ordinal))
            .Select(part => part[prefix.Length..].Trim('"')).Take(MaxOfOneName)];
    }

    /// <summary>Readable by no script, sent over HTTPS only, and not with what other sites post.</summary>
    public static void Write(HttpResponse response, string name, string value, DateTimeOffset expires) =>
        response.Cookies.Append(name, value, new CookieOptions
        {
            HttpOnly = true, Secure = true, Path = "/", SameSite = SameSiteMode.Lax, Expires = expires, IsEssential = true,
        });

    /// <summary>The application's token, with the attributes that the application is set to.</summary>
    /// <param name="path">What it is sent with: "/", or the paths of <see cref="CookiePath"/>.</param>
    /// <param name="binding">What <see cref="Binding"/> is to hold; null for an application that wants none.</param>
    public static void WriteToken(
        HttpResponse response, string token, DateTimeOffset expires, AccessApplicationRecord application, string path, string? binding)
    {
        var options = new CookieOptions
        {
            HttpOnly = application.Settings.CookieIsHttpOnly,
            Secure = true,
            Path = path,
            SameSite = application.Settings.CookieSameSite,
            Expires = expires,
            IsEssential = true,
        };
        response.Cookies.Append(Authorization, token, options);
        if (binding is not null)
        {
            response.Cookies.Append(Binding, binding, new CookieOptions(options) { HttpOnly = true });
        }
    }

    public static void Remove(HttpResponse response, string name) => response.Cookies.Delete(name, new CookieOptions
    {
        HttpOnly = true, Secure = true, Path = "/", SameSite = SameSiteMode.Lax,
    });
}
