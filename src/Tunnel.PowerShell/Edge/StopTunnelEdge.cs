using System.Management.Automation;
using Tunnel.PowerShell.Pipeline;

namespace Tunnel.PowerShell.Edge;

/// <summary>Stops an embedded edge; its state stays.</summary>
/// <remarks>
/// <para>Open connections through the edge are cut off. The state folder stays as it is: Start-TunnelEdge with the same
/// folder goes on with the same zones, policies and tokens. StopToken an edge that is stopped does nothing.</para>
/// </remarks>
/// <example>
/// <para>Stop what was started</para>
/// <code>
/// Get-TunnelEdge | Stop-TunnelEdge
/// </code>
/// <para>Stops every edge of this session.</para>
/// </example>
[Cmdlet(VerbsLifecycle.Stop, "TunnelEdge", SupportsShouldProcess = true)]
public sealed class StopTunnelEdge : EngineCmdlet
{
    /// <summary>The edge to stop, from Start-TunnelEdge or Get-TunnelEdge.</summary>
    [Parameter(Mandatory = true, Position = 0, ValueFromPipeline = true)]
    [ValidateNotNull]
    public TunnelEdge Edge { get; set; } = null!;

    protected override object? ErrorTarget => Edge;

    protected override async Task ProcessItemAsync()
    {
        if (Edge.State == TunnelEdgeState.Stopped || !ShouldProcess(Edge.ToString(), "Stop"))
        {
            return;
        }

        await Edge.Engine.DisposeAsync();
        Edge.State = TunnelEdgeState.Stopped;
        Session.Edges.Remove(Edge);
    }
}
