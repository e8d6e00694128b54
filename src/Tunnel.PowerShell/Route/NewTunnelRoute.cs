using System.Management.Automation;
using Tunnel.Core.Api;
using Tunnel.Core.Tunnels;
using Tunnel.PowerShell.Completion;
using Tunnel.PowerShell.Pipeline;
using Tunnel.PowerShell.Tunnels;

namespace Tunnel.PowerShell.Route;

/// <summary>Lets a hostname lead to a tunnel.</summary>
/// <remarks>
/// <para>Makes a DNS record, a proxied CNAME to the tunnel, in the zone of the account that the hostname is in. Lock the
/// hostname first with New-AccessApplication: what the tunnel carries is open to everybody otherwise.</para>
/// <para>A hostname that leads elsewhere, to another tunnel or to what is no tunnel, is refused: it carries one protocol.
/// -Force takes it over. A hostname that leads to the tunnel already is no error.</para>
/// </remarks>
/// <example>
/// <para>A hostname for a tunnel</para>
/// <code>
/// New-TunnelRoute ssh.example.test home
/// </code>
/// <para>ssh.example.test leads to the tunnel home.</para>
/// </example>
/// <example>
/// <para>Move a hostname to another tunnel</para>
/// <code>
/// New-TunnelRoute ssh.example.test office -Force
/// </code>
/// <para>Warns of what it replaces.</para>
/// </example>
[Cmdlet(VerbsCommon.New, "TunnelRoute", SupportsShouldProcess = true)]
[OutputType(typeof(TunnelRoute))]
public sealed class NewTunnelRoute : AccountCmdlet
{
    /// <summary>The hostname, in a zone of the account; *.example.com stands for all names below it.</summary>
    [Parameter(Mandatory = true, Position = 0, ValueFromPipelineByPropertyName = true)]
    [ValidateNotNullOrEmpty]
    public string Hostname { get; set; } = null!;

    /// <summary>The name or id of the tunnel, or the tunnel itself, from New-Tunnel or Get-Tunnel.</summary>
    [Parameter(Mandatory = true, Position = 1, ValueFromPipeline = true, ValueFromPipelineByPropertyName = true)]
    [Alias("TunnelId", "Id", "TunnelName")]
    [TunnelTransformation]
    [ValidateNotNullOrEmpty]
    [ArgumentCompleter(typeof(TunnelNameCompleter))]
    public string Tunnel { get; set; } = null!;

    /// <summary>Takes the hostname over from another tunnel, or from a DNS record that is not a tunnel's.</summary>
    [Parameter]
    public SwitchParameter Force { get; set; }

    protected override object? ErrorTarget => Hostname;

    protected override async Task ProcessItemAsync()
    {
        var routes = new RouteCatalog(Connected);
        TunnelInfo tunnel = await new TunnelCatalog(Connected).GetAsync(Tunnel, StopToken);
        TunnelRoutePlan plan = await routes.PlanAsync(Hostname, tunnel, Force, StopToken);
        foreach (string warning in plan.Warnings)
        {
            WriteWarning(warning);
        }

        if (plan.IsDone || ShouldProcess(plan.Hostname, plan.Step))
        {
            WriteObject(await routes.ApplyAsync(plan, StopToken));
        }
    }
}
