using System.Globalization;

namespace Tunnel.Core.Ingress.MacOS;

/// <summary>What pf and our files tell of a lock, as <see cref="PacketFilterScripts.Read"/> prints it.</summary>
internal sealed record PacketFilterStatus
{
    /// <summary>The lock whose rules are loaded; null: none.</summary>
    public string? LockId { get; private init; }

    public bool IsEnabled { get; private init; }

    public DateTimeOffset? OpensAt { get; private init; }

    public string? Record { get; private init; }

    public string? BootRecord { get; private init; }

    public IReadOnlyList<DroppedTraffic> Dropped { get; private init; } = [];

    public long DroppedPackets { get; private init; }

    /// <summary>pf obeys the rules of the lock.</summary>
    public bool IsInForce => IsEnabled && LockId is not null;

    /// <summary>Lines that are none of ours are passed over.</summary>
    public static PacketFilterStatus Parse(string output)
    {
        ArgumentNullException.ThrowIfNull(output);
        var status = new PacketFilterStatus();
        var dropped = new List<DroppedTraffic>();
        long packets = 0;
        foreach (var line in output.Split('\n', StringSplitOptions.TrimEntries))
        {
            var (word, rest) = line.Split(' ', 2) is [var first, var second] ? (first, second) : (line, "");
            status = word switch
            {
                "info" => status with { IsEnabled = rest.StartsWith("Status: Enabled", StringComparison.Ordinal) },
                "pending" => status with { OpensAt = Time(rest) },
                "record" => status with { Record = rest },
                "boot" => status with { BootRecord = rest },
                "label" when rest.StartsWith(PacketFilterRules.LockLabel, StringComparison.Ordinal) =>
                    status with { LockId = rest.Split(' ')[0][PacketFilterRules.LockLabel.Length..] },
                _ => status,
            };
            if (word == "label" && Drop(rest) is { } drop)
            {
                packets += drop.Packets;
                if (drop.Protocol.Length > 0 && drop.Packets > 0)
                {
                    dropped.Add(drop);
                }
            }
        }

        return status with { Dropped = [.. dropped.OrderByDescending(d => d.Packets)], DroppedPackets = packets };
    }

    // label evaluations packets bytes ...; the label of the last rule has no protocol and no port.
    private static DroppedTraffic? Drop(string line) =>
        line.Split(' ', StringSplitOptions.RemoveEmptyEntries) is [var label, _, var packets, var bytes, ..]
        && Number(packets) is { } count && Number(bytes) is { } size
            ? label.Split('-') switch
            {
                ["tunnel", "drop"] => new DroppedTraffic("", 0, count, size),
                ["tunnel", "drop", ("tcp" or "udp") and var protocol, var port]
                    when ushort.TryParse(port, NumberStyles.None, CultureInfo.InvariantCulture, out var number) =>
                    new DroppedTraffic(protocol, number, count, size),
                _ => null,
            }
            : null;

    // What cannot be read is over: the way back takes it so, too.
    private static DateTimeOffset Time(string seconds) =>
        Number(seconds) is { } number && number <= DateTimeOffset.MaxValue.ToUnixTimeSeconds()
            ? DateTimeOffset.FromUnixTimeSeconds(number)
            : DateTimeOffset.UnixEpoch;

    private static long? Number(string text) =>
        long.TryParse(text, NumberStyles.None, CultureInfo.InvariantCulture, out var number) ? number : null;
}
