namespace Tunnel.Core.Files;

/// <summary>Where cloudflared looks for its files.</summary>
public static class CloudflaredFolders
{
    /// <summary>The folders, in the order of the search.</summary>
    /// <param name="home">The user's home folder; null when there is none, as in many services.</param>
    public static IReadOnlyList<string> Of(string? home) =>
    [
        .. home is null ? [] : (string[])[.. ((string[])[".cloudflared", ".cloudflare-warp", "cloudflare-warp"])
            .Select(name => Path.Combine(home, name))],
        .. OperatingSystem.IsWindows() ? [] : (string[])["/etc/cloudflared", "/usr/local/etc/cloudflared"],
    ];

    /// <summary>The folders for the user of this process.</summary>
    public static IReadOnlyList<string> OfUser() => Of(
        Environment.GetFolderPath(Environment.SpecialFolder.UserProfile) is { Length: > 0 } home ? home : null);
}
