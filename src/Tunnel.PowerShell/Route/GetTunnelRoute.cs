using System.Management.Automation;
using Tunnel.Core.Tunnels;
using Tunnel.PowerShell.Completion;
using Tunnel.PowerShell.Pipeline;
using Tunnel.PowerShell.Tunnels;

namespace Tunnel.PowerShell.Route;

/// <summary>Gets the hostnames that lead to tunnels of the account.</summary>
/// <remarks>
/// <para>A route is a DNS record, a proxied CNAME to the tunnel, in a zone of the account. One whose TunnelName is empty
/// leads to a tunnel that does not exist any more.</para>
/// </remarks>
/// <example>
/// <para>All routes</para>
/// <code>
/// Get-TunnelRoute
/// </code>
/// <para>Shows each hostname with its tunnel.</para>
/// </example>
/// <example>
/// <para>Routes that lead nowhere</para>
/// <code>
/// Get-TunnelRoute | Where-Object TunnelName -eq $null | Remove-TunnelRoute
/// </code>
/// <para>Removes what deleted tunnels have left behind; asks for each.</para>
/// </example>
[Cmdlet(VerbsCommon.Get, "TunnelRoute")]
[OutputType(typeof(TunnelRoute))]
public sealed class GetTunnelRoute : AccountCmdlet
{
    /// <summary>Only these hostnames; wildcards work.</summary>
    [Parameter(Position = 0)]
    [SupportsWildcards]
    [ArgumentCompleter(typeof(RouteHostnameCompleter))]
    public string[]? Hostname { get; set; }

    /// <summary>Only routes to this tunnel: its name or id, or the tunnel itself.</summary>
    [Parameter(ValueFromPipeline = true)]
    [TunnelTransformation]
    [ValidateNotNullOrEmpty]
    [ArgumentCompleter(typeof(TunnelNameCompleter))]
    public string? Tunnel { get; set; }

    protected override object? ErrorTarget => Tunnel;

    protected override async Task ProcessItemAsync()
    {
        var filter = new NameFilter(Hostname);
        Guid? tunnelId = Tunnel is null
            ? null
            : Guid.Parse((await new TunnelCatalog(Connected).GetAsync(Tunnel, StopToken)).Id);
        await foreach (TunnelRoute route in new RouteCatalog(Connected).ListAsync(tunnelId, StopToken))
        {
            if (filter.Matches(route.Hostname))
            {
                WriteObject(route);
            }
        }
    }
}
