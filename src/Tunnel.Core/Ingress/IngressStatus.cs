namespace Tunnel.Core.Ingress;

/// <summary>Whether the door is locked.</summary>
public enum IngressStatus
{
    /// <summary>No lock of ours is in force.</summary>
    Open,

    /// <summary>Locked, and open again by itself at <see cref="NetworkIngressState.OpensAt"/> unless it is confirmed.</summary>
    Unconfirmed,

    /// <summary>Locked until it is undone.</summary>
    Closed,
}
