namespace Tunnel.Core.Ingress;

/// <summary>Why an ingress lock was not made, confirmed or undone.</summary>
public enum NetworkIngressError
{
    /// <summary>The rules asked for cannot be.</summary>
    InvalidRules,

    /// <summary>The process is not root or Administrator.</summary>
    NotPrivileged,

    /// <summary>The firewall's program is missing or too old.</summary>
    FirewallMissing,

    /// <summary>The firewall refused.</summary>
    FirewallRefused,

    /// <summary>The tunnel did not carry a banner before the change; nothing was changed.</summary>
    TunnelNotProven,

    /// <summary>The tunnel did not carry a banner after the change; the change was undone.</summary>
    Undone,

    /// <summary>There is no lock to confirm: none was made, or it has opened by itself.</summary>
    NotLocked,

    /// <summary>A confirmed lock with other rules is in force.</summary>
    AlreadyClosed,

    /// <summary>The lock holds, and could not be made to survive a reboot.</summary>
    NotPersisted,
}
