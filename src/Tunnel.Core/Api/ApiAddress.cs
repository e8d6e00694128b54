using System.Net;

namespace Tunnel.Core.Api;

/// <summary>Checks what a user gives to reach an API.</summary>
internal static class ApiAddress
{
    /// <summary>The address with exactly one trailing slash, so that relative paths go below it.</summary>
    public static Uri Normalize(Uri address)
    {
        ArgumentNullException.ThrowIfNull(address);
        if (!address.IsAbsoluteUri || address.Scheme is not ("https" or "http"))
        {
            throw new ArgumentException($"'{address}' is not an https address, such as {TunnelApiOptions.CloudflareAddress}.");
        }

        if (address.Query.Length > 0 || address.Fragment.Length > 0 || address.UserInfo.Length > 0)
        {
            throw new ArgumentException("The API address may have no user name, query or fragment.");
        }

        if (address.Scheme == "http" && !(IPAddress.TryParse(address.IdnHost, out var ip) && IPAddress.IsLoopback(ip)))
        {
            throw new ArgumentException($"'{address}' would send the API token in the clear; use https.");
        }

        return new Uri(address.AbsoluteUri.TrimEnd('/') + "/");
    }

    /// <summary>The token, if it can stand in a header. The message never has the token in it.</summary>
    public static string CheckToken(string? token)
    {
        if (string.IsNullOrWhiteSpace(token))
        {
            throw new ArgumentException("The API token is empty.");
        }

        var trimmed = token.Trim();
        foreach (var c in trimmed)
        {
            if (c is <= ' ' or > '~')
            {
                throw new ArgumentException("The API token has characters that no API token has; copy it again.");
            }
        }

        return trimmed;
    }
}
