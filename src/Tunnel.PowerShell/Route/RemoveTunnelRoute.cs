using System.Management.Automation;
using Tunnel.Core.Tunnels;
using Tunnel.PowerShell.Completion;
using Tunnel.PowerShell.Pipeline;

namespace Tunnel.PowerShell.Route;

/// <summary>Removes the DNS record that lets a hostname lead to a tunnel.</summary>
/// <remarks>
/// <para>Visitors no longer find the tunnel by that hostname; the tunnel stays. A record that is not a tunnel's is not
/// touched.</para>
/// </remarks>
/// <example>
/// <para>Take a hostname away</para>
/// <code>
/// Remove-TunnelRoute ssh.example.test
/// </code>
/// <para>Asks before it does; -Confirm:$false does not.</para>
/// </example>
[Cmdlet(VerbsCommon.Remove, "TunnelRoute", SupportsShouldProcess = true, ConfirmImpact = ConfirmImpact.High)]
public sealed class RemoveTunnelRoute : AccountCmdlet
{
    /// <summary>The hostname, or a route from Get-TunnelRoute.</summary>
    [Parameter(Mandatory = true, Position = 0, ValueFromPipeline = true, ValueFromPipelineByPropertyName = true)]
    [ValidateNotNullOrEmpty]
    [ArgumentCompleter(typeof(RouteHostnameCompleter))]
    public string Hostname { get; set; } = null!;

    protected override object? ErrorTarget => Hostname;

    protected override async Task ProcessItemAsync()
    {
        var routes = new RouteCatalog(Connected);
        TunnelRoute route = await routes.GetAsync(Hostname, StopToken);
        if (ShouldProcess(route.ToString(), "Delete the DNS record of the route"))
        {
            await routes.RemoveAsync(route, StopToken);
        }
    }
}
