namespace Tunnel.Core.Tunnels;

internal enum HostnameRouteChange
{
    /// <summary>The hostname is routed to the tunnel already.</summary>
    None,

    /// <summary>It has no record.</summary>
    Create,

    /// <summary>It has others, which may be replaced.</summary>
    Replace,
}
