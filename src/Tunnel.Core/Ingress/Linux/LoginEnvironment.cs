using System.Globalization;

namespace Tunnel.Core.Ingress.Linux;

/// <summary>Finds what sshd told the login shell, also where <c>sudo</c> or <c>su</c> took it from the environment.</summary>
internal static class LoginEnvironment
{
    private const string Name = "SSH_CONNECTION=";

    /// <param name="root">Where proc is mounted.</param>
    /// <param name="process">The first process that is asked; then its parent, and so on.</param>
    /// <returns>The nearest <c>SSH_CONNECTION</c>; null: at a console, or not ours to read.</returns>
    public static string? SshConnection(string root, int process)
    {
        for (var id = process; id > 1; id = ParentOf(root, id))
        {
            var entries = Read(root, id, "environ").Split('\0');
            if (Array.Find(entries, e => e.StartsWith(Name, StringComparison.Ordinal)) is { } entry)
            {
                return entry[Name.Length..];
            }
        }

        return null;
    }

    private static int ParentOf(string root, int id)
    {
        // The name of the program is in parentheses and may have some itself; after it come the state and the parent (proc(5)).
        var stat = Read(root, id, "stat");
        return stat[(stat.LastIndexOf(')') + 1)..].Split(' ', StringSplitOptions.RemoveEmptyEntries) is [_, var parent, ..]
            && int.TryParse(parent, NumberStyles.None, CultureInfo.InvariantCulture, out var number)
                ? number
                : 0;
    }

    private static string Read(string root, int id, string file)
    {
        try
        {
            return File.ReadAllText(Path.Combine(root, id.ToString(CultureInfo.InvariantCulture), file));
        }
        catch (Exception e) when (e is IOException or UnauthorizedAccessException)
        {
            return "";
        }
    }
}
