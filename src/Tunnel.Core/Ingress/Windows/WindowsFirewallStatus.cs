using System.Globalization;

namespace Tunnel.Core.Ingress.Windows;

/// <summary>What Windows Firewall and our files tell of a lock, as <see cref="WindowsFirewallScripts.Read"/> prints it.</summary>
internal sealed record WindowsFirewallStatus
{
    private static readonly char[] s_space = [' '];

    /// <summary>The lock whose rules are there; null: none.</summary>
    public string? LockId { get; private init; }

    /// <summary>Every profile is on and lets nothing in by default.</summary>
    public bool IsBlocking { get; private init; }

    public DateTimeOffset? OpensAt { get; private init; }

    public string? Record { get; private init; }

    /// <summary>Rules of others that let something in.</summary>
    public IReadOnlyList<string> OthersOpenings { get; private init; } = [];

    public bool IsInForce => IsBlocking && LockId is not null && Record is not null;

    /// <summary>Lines that are none of ours are passed over.</summary>
    public static WindowsFirewallStatus Parse(string output)
    {
        ArgumentNullException.ThrowIfNull(output);
        var status = new WindowsFirewallStatus();
        var others = new List<string>();
        var blocking = new HashSet<string>(StringComparer.Ordinal);
        foreach (var line in output.Split('\n', StringSplitOptions.TrimEntries))
        {
            var (word, rest) = line.Split(s_space, 2) is [var first, var second] ? (first, second) : (line, "");
            switch (word)
            {
                case "profile" when rest.Split(' ') is [var name, "True", "Block"]:
                    blocking.Add(name);
                    break;
                case "ours" when rest.StartsWith(WindowsFirewallRules.Prefix, StringComparison.Ordinal):
                    status = status with { LockId = rest[WindowsFirewallRules.Prefix.Length..].Split('-')[0] };
                    break;
                case "open":
                    others.Add(rest);
                    break;
                case "pending":
                    status = status with { OpensAt = Time(rest) };
                    break;
                case "record":
                    status = status with { Record = rest };
                    break;
                default:
                    break;
            }
        }

        return status with { IsBlocking = blocking.IsSupersetOf(["Domain", "Private", "Public"]), OthersOpenings = [.. others.Distinct(StringComparer.Ordinal)] };
    }

    // What cannot be read is over: the way back takes it so, too.
    private static DateTimeOffset Time(string seconds) =>
        long.TryParse(seconds, NumberStyles.None, CultureInfo.InvariantCulture, out var number) && number <= DateTimeOffset.MaxValue.ToUnixTimeSeconds()
            ? DateTimeOffset.FromUnixTimeSeconds(number)
            : DateTimeOffset.UnixEpoch;
}
