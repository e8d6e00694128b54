using System.Buffers.Text;
using System.Text.Json;
using Tunnel.Core.Files;

namespace Tunnel.Core.Client;

/// <summary>An application's token that an earlier sign-in left, as cloudflared stores it: <c>HOST-AUD-token</c>.</summary>
public static class StoredApplicationToken
{
    private const int MaxLength = 64 * 1024;

    /// <summary>One that ends while it is being used is of no use.</summary>
    private static readonly TimeSpan s_margin = TimeSpan.FromSeconds(30);

    /// <summary>The token that lasts longest; null when there is none that has not ended.</summary>
    /// <param name="folder">Where tokens are; null for <c>~/.cloudflared</c>.</param>
    /// <param name="address">The application.</param>
    /// <param name="time">The clock.</param>
    public static string? Find(string? folder, AccessAddress address, TimeProvider? time = null)
    {
        ArgumentNullException.ThrowIfNull(address);
        var directory = new DirectoryInfo(folder ?? CloudflaredFolders.OfUser()[0]);
        if (!directory.Exists || !address.Host.All(c => char.IsAsciiLetterOrDigit(c) || c is '.' or '-' or '_'))
        {
            return null;
        }

        var earliest = ((time ?? TimeProvider.System).GetUtcNow() + s_margin).ToUnixTimeSeconds();
        return directory.EnumerateFiles(address.Host + "-*-token")
            .Where(file => file.Length <= MaxLength && IsOf(file.Name, address.Host))
            .Select(file => File.ReadAllText(file.FullName).Trim())
            .Select(token => (Token: token, Expires: ExpiryOf(token)))
            .Where(stored => stored.Expires > earliest)
            .OrderByDescending(stored => stored.Expires).FirstOrDefault().Token;
    }

    // Not of a longer name that begins alike: between the two there is an audience tag and nothing else.
    private static bool IsOf(string name, string host) =>
        name.Length > host.Length + 7 && name[(host.Length + 1)..^6].All(char.IsAsciiHexDigit);

    private static long ExpiryOf(string token)
    {
        try
        {
            using var claims = JsonDocument.Parse(Base64Url.DecodeFromChars(token.Split('.') is [_, var payload, _] ? payload : ""));
            return claims.RootElement.GetProperty("exp").GetInt64();
        }
        catch (Exception error) when (error is JsonException or FormatException or InvalidOperationException or KeyNotFoundException)
        {
            return 0;
        }
    }
}
