using System.Management.Automation;
using Tunnel.Core.Api;
using Tunnel.Core.Tunnels;
using Tunnel.PowerShell.Completion;
using Tunnel.PowerShell.Pipeline;

namespace Tunnel.PowerShell.Tunnels;

/// <summary>Gets the tunnels of the account, whoever runs them.</summary>
/// <remarks>
/// <para>Shows what the account knows: whether a tunnel is healthy, and whether its configuration lies in the account
/// (cloudflare) or in a file beside its connector (local). Get-SshTunnel shows the ssh tunnels with the live state of
/// those that this session runs.</para>
/// </remarks>
/// <example>
/// <para>All tunnels</para>
/// <code>
/// Get-Tunnel
/// </code>
/// <para>Shows each tunnel with its status.</para>
/// </example>
/// <example>
/// <para>Tunnels that nobody runs</para>
/// <code>
/// Get-Tunnel -Status down, inactive
/// </code>
/// <para>Shows those that have lost their connectors, and those that never had one.</para>
/// </example>
[Cmdlet(VerbsCommon.Get, "Tunnel")]
[OutputType(typeof(TunnelInfo))]
public sealed class GetTunnel : AccountCmdlet
{
    /// <summary>Only tunnels of this name or id; wildcards work.</summary>
    [Parameter(Position = 0, ValueFromPipeline = true)]
    [SupportsWildcards]
    [TunnelTransformation]
    [ArgumentCompleter(typeof(TunnelNameCompleter))]
    public string[]? Name { get; set; }

    /// <summary>Only tunnels that are healthy, degraded (not all connections are there), down, or inactive (never run).</summary>
    [Parameter]
    [ValidateSet("healthy", "degraded", "down", "inactive")]
    public string[]? Status { get; set; }

    /// <summary>Shows also tunnels that were deleted.</summary>
    [Parameter]
    public SwitchParameter IncludeDeleted { get; set; }

    protected override async Task ProcessItemAsync()
    {
        var names = new NameFilter(Name);
        var statuses = new NameFilter(Status);
        var tunnels = new TunnelCatalog(Connected);
        string? status = Status is [var only] ? only : null;
        await foreach (TunnelInfo tunnel in tunnels.ListAsync(status, IncludeDeleted, StopToken))
        {
            if (names.Matches([tunnel.Name, tunnel.Id]) && statuses.Matches([tunnel.Status]))
            {
                WriteObject(tunnel);
            }
        }
    }
}
