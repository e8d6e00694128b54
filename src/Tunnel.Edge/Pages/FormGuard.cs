using System.Buffers.Text;
using System.Security.Cryptography;
using System.Text;
using Microsoft.AspNetCore.Http;
using Tunnel.Edge.Identity;

namespace Tunnel.Edge.Pages;

/// <summary>
/// Lets in only forms that came from this host's own pages in the same browser: a hidden field that goes with a cookie,
/// and what browsers say of where a form comes from (Fetch Metadata, Origin).
/// </summary>
/// <param name="cookieName">The cookie's name, without its prefix; one guard a purpose.</param>
internal sealed class FormGuard(string cookieName)
{
    private const int ValueBytes = 32;

    /// <summary>Kept for the process only: after a restart a form has to be loaded again.</summary>
    private readonly byte[] _key = RandomNumberGenerator.GetBytes(32);

    /// <summary>
    /// <c>__Host-</c>: browsers take it over HTTPS only, for this host only, and no other host can set it (RFC 6265bis).
    /// </summary>
    private readonly string _cookie = "__Host-" + cookieName;

    /// <summary>The token for the next form in this browser; sets the cookie where there is none.</summary>
    public string Issue(HttpContext context)
    {
        ArgumentNullException.ThrowIfNull(context);
        if (!TryGetCookie(context, out var value))
        {
            value = Base64Url.EncodeToString(RandomNumberGenerator.GetBytes(ValueBytes));
            context.Response.Cookies.Append(_cookie, value, new CookieOptions
            {
                Secure = true, HttpOnly = true, SameSite = SameSiteMode.Strict, Path = "/", IsEssential = true,
            });
        }

        return TokenOf(value);
    }

    /// <summary>Whether a posted form is one of ours.</summary>
    public bool Accepts(HttpContext context, FormBody form)
    {
        ArgumentNullException.ThrowIfNull(context);
        ArgumentNullException.ThrowIfNull(form);
        return IsSameOrigin(context.Request)
            && TryGetCookie(context, out var value)
            && form[PageForm.TokenField] is { } token
            && CryptographicOperations.FixedTimeEquals(Encoding.UTF8.GetBytes(TokenOf(value)), Encoding.UTF8.GetBytes(token));
    }

    /// <summary>Clients that send neither header are no browsers, and nobody's form makes them post.</summary>
    private static bool IsSameOrigin(HttpRequest request)
    {
        var site = request.Headers["Sec-Fetch-Site"];
        if (site.Count != 0 && site is not ["same-origin"])
        {
            return false;
        }

        var origin = request.Headers.Origin;
        return origin.Count == 0 || (origin is [{ } text]
            && string.Equals(text, $"{request.Scheme}://{request.Host.Value}", StringComparison.OrdinalIgnoreCase));
    }

    private bool TryGetCookie(HttpContext context, out string value)
    {
        value = AccessCookies.Read(context.Request, _cookie) ?? "";
        return value.Length == Base64Url.GetEncodedLength(ValueBytes) && Base64Url.IsValid(value);
    }

    private string TokenOf(string value) => Base64Url.EncodeToString(HMACSHA256.HashData(_key, Encoding.ASCII.GetBytes(value)));
}
