using System.Management.Automation;
using Tunnel.Core.Api;
using Tunnel.Core.Tunnels;
using Tunnel.PowerShell.Completion;
using Tunnel.PowerShell.Pipeline;

namespace Tunnel.PowerShell.Tunnels;

/// <summary>Gets the connections of the connectors that run tunnels of the account now.</summary>
/// <remarks>
/// <para>A connector keeps four connections as a rule, all with its client id. Where two client ids show, two connectors
/// run the tunnel.</para>
/// </remarks>
/// <example>
/// <para>Who runs a tunnel</para>
/// <code>
/// Get-TunnelConnection home
/// </code>
/// <para>Shows each connection: from where, since when, which version of the connector.</para>
/// </example>
/// <example>
/// <para>Connectors of an old version</para>
/// <code>
/// Get-TunnelConnection | Where-Object Version -like 2025.*
/// </code>
/// <para>Looks through all tunnels of the account.</para>
/// </example>
[Cmdlet(VerbsCommon.Get, "TunnelConnection")]
[OutputType(typeof(TunnelConnection))]
public sealed class GetTunnelConnection : AccountCmdlet
{
    /// <summary>The name or id of the tunnel, or the tunnel itself; wildcards work. Default: all tunnels.</summary>
    [Parameter(Position = 0, ValueFromPipeline = true)]
    [SupportsWildcards]
    [TunnelTransformation]
    [ArgumentCompleter(typeof(TunnelNameCompleter))]
    public string[]? Tunnel { get; set; }

    protected override object? ErrorTarget => Tunnel;

    protected override async Task ProcessItemAsync()
    {
        var filter = new NameFilter(Tunnel);
        var tunnels = new TunnelCatalog(Connected);
        await foreach (TunnelInfo tunnel in tunnels.ListAsync(cancellationToken: StopToken))
        {
            if (filter.Matches([tunnel.Name, tunnel.Id]))
            {
                await WriteAllAsync(tunnels.ListConnectionsAsync(tunnel, StopToken));
            }
        }
    }
}
