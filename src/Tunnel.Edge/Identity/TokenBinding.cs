using System.Buffers.Text;
using System.Security.Cryptography;
using System.Text;
using Microsoft.AspNetCore.Http;

namespace Tunnel.Edge.Identity;

/// <summary>
/// What <see cref="AccessCookies.Binding"/> holds: it follows from the token and a key of the edge's, so that an origin,
/// which is shown the token, cannot make it.
/// </summary>
/// <param name="key">A secret of the edge's, the same after a restart.</param>
internal sealed class TokenBinding(byte[] key)
{
    public string Of(string token) => Base64Url.EncodeToString(HMACSHA256.HashData(key, Encoding.UTF8.GetBytes(token)));

    /// <summary>Whether the request carries the cookie that goes with the token.</summary>
    public bool IsShown(HttpRequest request, string token)
    {
        var wanted = Encoding.ASCII.GetBytes(Of(token));
        return AccessCookies.ReadAll(request, AccessCookies.Binding)
            .Any(shown => CryptographicOperations.FixedTimeEquals(wanted, Encoding.UTF8.GetBytes(shown)));
    }
}
