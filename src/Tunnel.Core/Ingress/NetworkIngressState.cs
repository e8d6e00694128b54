namespace Tunnel.Core.Ingress;

/// <summary>What is closed, what is left open and why, until when, and how to keep or undo it.</summary>
public sealed record NetworkIngressState
{
    public required IngressStatus Status { get; init; }

    /// <summary>What enforces the lock, such as <c>nftables</c>.</summary>
    public required string Firewall { get; init; }

    /// <summary>When an unconfirmed lock opens again by itself.</summary>
    public DateTimeOffset? OpensAt { get; init; }

    /// <summary>Whether it will hold after a reboot once it is confirmed.</summary>
    public bool PersistsOnConfirm { get; init; }

    /// <summary>Whether these very rules hold after a reboot.</summary>
    public bool IsPersistent { get; init; }

    /// <summary>Whether a boot closes the door, by these rules or by those of an earlier lock.</summary>
    public bool IsClosedByBoot { get; init; }

    /// <summary>Sockets of this host that were reachable and are not while the lock holds.</summary>
    public IReadOnlyList<ListeningSocket> Closed { get; init; } = [];

    public IReadOnlyList<IngressOpening> Openings { get; init; } = [];

    /// <summary>What was turned away, the most first; at most one entry a port.</summary>
    public IReadOnlyList<DroppedTraffic> Dropped { get; init; } = [];

    /// <summary>All packets that were turned away, of every protocol.</summary>
    public long DroppedPackets { get; init; }

    /// <summary>The hostnames that carried an SSH banner while the lock was in force.</summary>
    public IReadOnlyList<string> ProvenBy { get; init; } = [];

    /// <summary>How to keep the lock, and how to undo it; empty: there is none.</summary>
    public string NextStep => Status switch
    {
        IngressStatus.Unconfirmed => $"Log in once more by the tunnel, then run Confirm-NetworkIngress{(PersistsOnConfirm ? "" : ", with -Persist to keep it over a reboot as well")}. Enable-NetworkIngress opens at once.",
        IngressStatus.Closed => $"{(IsPersistent ? "" : "Confirm-NetworkIngress -Persist keeps it over a reboot. ")}Enable-NetworkIngress opens.",
        _ => "",
    };

    /// <summary>What a person should know, one line each.</summary>
    public IReadOnlyList<string> Notes { get; init; } = [];

    public override string ToString() => Status switch
    {
        IngressStatus.Unconfirmed => $"locked until {OpensAt:HH:mm:ss}, not confirmed",
        IngressStatus.Closed => IsPersistent ? "locked, also after a reboot" : "locked until the next reboot",
        _ => "open",
    };
}
