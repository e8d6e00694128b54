using System.Management.Automation;
using Tunnel.Core.Api;

namespace Tunnel.PowerShell.Tunnels;

/// <summary>Ends the connections of a tunnel's connectors to the edge.</summary>
/// <remarks>
/// <para>What goes through the connections is cut off. A connector that runs, and whose credentials still hold, dials
/// again at once: this is for connectors that are gone without a word, and for those whose secret was reset
/// (Set-Tunnel -ResetSecret).</para>
/// </remarks>
/// <example>
/// <para>All connectors of a tunnel</para>
/// <code>
/// Clear-TunnelConnection home
/// </code>
/// <para>Asks before it does; -Confirm:$false does not.</para>
/// </example>
/// <example>
/// <para>One connector</para>
/// <code>
/// Get-TunnelConnection home | Where-Object OriginAddress -eq 192.0.2.7 | Clear-TunnelConnection
/// </code>
/// <para>Ends the connections of the connector at that address, and no other's.</para>
/// </example>
[Cmdlet(VerbsCommon.Clear, "TunnelConnection", SupportsShouldProcess = true, ConfirmImpact = ConfirmImpact.High)]
public sealed class ClearTunnelConnection : ExistingTunnelCmdlet
{
    // A connector has several connections: piped in, they are one thing to end.
    private readonly HashSet<(string Tunnel, Guid Client)> _done = [];

    /// <summary>Only the connector of this id, from Get-TunnelConnection. Default: all.</summary>
    [Parameter(Position = 1, ValueFromPipelineByPropertyName = true)]
    public Guid? ClientId { get; set; }

    protected override async Task ProcessItemAsync()
    {
        TunnelInfo tunnel = await FindTunnelAsync();
        string whose = ClientId is { } id ? $"of the connector {id:D}" : "of all connectors";
        if (_done.Add((tunnel.Id, ClientId ?? Guid.Empty)) && ShouldProcess(tunnel.ToString(), $"End the connections {whose}"))
        {
            await Tunnels.DisconnectAsync(tunnel, ClientId, StopToken);
        }
    }
}
