using System.Management.Automation;
using Tunnel.PowerShell.Pipeline;

namespace Tunnel.PowerShell.Edge;

/// <summary>Gets the embedded edges that this session started.</summary>
/// <remarks>
/// <para>An edge runs in the process that started it, and ends with it. Edges that other processes run, such as
/// tunnel-agent edge run, are not listed: connect to them with Connect-TunnelAccount -ApiToken -Address.</para>
/// </remarks>
/// <example>
/// <para>Which edges run here?</para>
/// <code>
/// Get-TunnelEdge
/// </code>
/// <para>Shows each edge with its addresses.</para>
/// </example>
[Cmdlet(VerbsCommon.Get, "TunnelEdge")]
[OutputType(typeof(TunnelEdge))]
public sealed class GetTunnelEdge : EngineCmdlet
{
    /// <summary>Only the edge with this state folder; wildcards work.</summary>
    [Parameter(Position = 0)]
    [SupportsWildcards]
    public string[]? StateDirectory { get; set; }

    protected override Task ProcessItemAsync()
    {
        var filter = new NameFilter(StateDirectory);
        WriteObject(Session.Edges.Where(edge => filter.Matches(edge.StateDirectory)), enumerateCollection: true);
        return Task.CompletedTask;
    }
}
