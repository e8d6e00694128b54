using Microsoft.AspNetCore.Http;
using Tunnel.Edge.Store;

namespace Tunnel.Edge.Identity;

/// <summary>The cookies of a sign-in. The names are Cloudflare's.</summary>
internal static class AccessCookies
{
    /// <summary>On an application's host its token, on the team domain the organisation's.</summary>
    public const string Authorization = "CF_Authorization";

    /// <summary>
    /// On an application's host: binds a sign-in to the browser that asked for it, so that nobody can be signed in by
    /// somebody else's link.
    /// </summary>
    public const string ApplicationSession = "CF_AppSession";

    /// <summary>The one cookie of that name; null where there is none, or more than one and none can be told from the other.</summary>
    public static string? Read(HttpRequest request, string name)
    {
        var value = request.Cookies[name];
        var count = 0;
        foreach (var header in request.Headers.Cookie)
        {
            foreach (var part in (header ?? "").Split(';', StringSplitOptions.TrimEntries))
            {
                count += part.StartsWith(name + "=", StringComparison.Ordinal) ? 1 : 0;
            }
        }

        return count == 1 && !string.IsNullOrEmpty(value) ? value : null;
    }

    /// <summary>Readable by no script, sent over HTTPS only, and not with what other sites post.</summary>
    public static void Write(HttpResponse response, string name, string value, DateTimeOffset expires) =>
        response.Cookies.Append(name, value, new CookieOptions
        {
            HttpOnly = true, Secure = true, Path = "/", SameSite = SameSiteMode.Lax, Expires = expires, IsEssential = true,
        });

    /// <summary>The application's token, with the attributes that the application is set to.</summary>
    public static void WriteToken(HttpResponse response, string token, DateTimeOffset expires, AccessApplicationRecord application) =>
        response.Cookies.Append(Authorization, token, new CookieOptions
        {
            HttpOnly = application.Settings.CookieIsHttpOnly,
            Secure = true,
            Path = "/",
            SameSite = application.Settings.CookieSameSite,
            Expires = expires,
            IsEssential = true,
        });

    public static void Remove(HttpResponse response, string name) => response.Cookies.Delete(name, new CookieOptions
    {
        HttpOnly = true, Secure = true, Path = "/", SameSite = SameSiteMode.Lax,
    });
}
