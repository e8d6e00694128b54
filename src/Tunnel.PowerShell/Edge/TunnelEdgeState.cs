namespace Tunnel.PowerShell.Edge;

/// <summary>Whether an embedded edge takes connections.</summary>
public enum TunnelEdgeState
{
    Running,
    Stopped,
}
