using System.Collections;

namespace Tunnel.Core.Ssh.Server;

/// <summary>Who may log in as whom, as a script writes it: <c>@{ deploy = 'alice', 'bob' }</c>.</summary>
public static class PrincipalList
{
    /// <param name="table">User names, each with a name or several.</param>
    public static IReadOnlyDictionary<string, IReadOnlyList<string>> From(IDictionary table)
    {
        ArgumentNullException.ThrowIfNull(table);
        var users = new Dictionary<string, IReadOnlyList<string>>(StringComparer.Ordinal);
        foreach (DictionaryEntry entry in table)
        {
            users[$"{entry.Key}"] = entry.Value switch
            {
                null => [],
                string name => [name],
                IEnumerable names => [.. names.Cast<object?>().Select(name => $"{name}")],
                var name => [$"{name}"],
            };
        }

        return users;
    }
}
