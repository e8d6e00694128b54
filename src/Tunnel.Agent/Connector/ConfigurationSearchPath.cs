using Tunnel.Core.Files;

namespace Tunnel.Agent.Connector;

/// <summary>Where cloudflared looks for its files, in this order.</summary>
/// <param name="home">The user's home folder; null when there is none, as in many services.</param>
internal sealed class ConfigurationSearchPath(string? home)
{
    public static ConfigurationSearchPath ForUser() => new(
        Environment.GetFolderPath(Environment.SpecialFolder.UserProfile) is { Length: > 0 } home ? home : null);

    public IEnumerable<string> Folders => CloudflaredFolders.Of(home);

    /// <returns>The first file of one of these names, or null.</returns>
    public string? Find(params string[] names) =>
        Folders.SelectMany(folder => names.Select(name => Path.Combine(folder, name))).FirstOrDefault(File.Exists);

    /// <summary>Replaces a leading <c>~</c>.</summary>
    public string Expand(string path) =>
        home is not null && (path == "~" || path.StartsWith("~/", StringComparison.Ordinal)) ? home + path[1..] : path;
}
