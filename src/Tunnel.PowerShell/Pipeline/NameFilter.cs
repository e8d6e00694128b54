using System.Management.Automation;

namespace Tunnel.PowerShell.Pipeline;

/// <summary>What people type to pick objects: wildcards, case ignored; nothing picks all.</summary>
internal sealed class NameFilter
{
    private readonly WildcardPattern[] _patterns;

    public NameFilter(string[]? patterns) =>
        _patterns = [.. (patterns ?? []).Select(pattern => new WildcardPattern(pattern, WildcardOptions.IgnoreCase))];

    public bool Matches(params ReadOnlySpan<string?> names)
    {
        if (_patterns.Length == 0)
        {
            return true;
        }

        foreach (string? name in names)
        {
            if (name is not null && _patterns.Any(pattern => pattern.IsMatch(name)))
            {
                return true;
            }
        }

        return false;
    }
}
