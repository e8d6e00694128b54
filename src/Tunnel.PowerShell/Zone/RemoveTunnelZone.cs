using System.Management.Automation;

namespace Tunnel.PowerShell.Zone;

/// <summary>Removes a domain from the account, with all its DNS records.</summary>
/// <remarks>
/// <para>Every hostname of the zone stops working: those that lead to tunnels, and all others. It cannot be undone.</para>
/// </remarks>
/// <example>
/// <para>Give a domain up</para>
/// <code>
/// Remove-TunnelZone example.test
/// </code>
/// <para>Asks before it does; -Confirm:$false does not.</para>
/// </example>
[Cmdlet(VerbsCommon.Remove, "TunnelZone", SupportsShouldProcess = true, ConfirmImpact = ConfirmImpact.High)]
public sealed class RemoveTunnelZone : ExistingZoneCmdlet
{
    protected override async Task ProcessItemAsync()
    {
        Core.Api.Zone zone = await Zones.GetAsync(Zone, StopToken);
        if (ShouldProcess(zone.Name, $"Remove the zone with all its DNS records from {Connected.Name}"))
        {
            await Zones.RemoveAsync(zone.Id, StopToken);
        }
    }
}
