using System.Management.Automation;

namespace Tunnel.PowerShell.Zone;

/// <summary>Waits until a zone is active: until its domain is delegated to the zone's name servers.</summary>
/// <remarks>
/// <para>Asks for a check of the name servers at once, then looks again until the zone is active, and gives the zone. The
/// name servers are set at the domain's registrar; how long that takes is up to the registrar. Ends with an error when
/// the time is over.</para>
/// </remarks>
/// <example>
/// <para>Bring a domain and go on when it works</para>
/// <code>
/// New-TunnelZone example.test | Wait-TunnelZone -Timeout 3600
/// </code>
/// <para>Waits for an hour at most. Ctrl+C ends the waiting, and changes nothing.</para>
/// </example>
[Cmdlet(VerbsLifecycle.Wait, "TunnelZone")]
[OutputType(typeof(Core.Api.Zone))]
public sealed class WaitTunnelZone : ExistingZoneCmdlet
{
    private const string Activity = "Waiting for the zone";

    /// <summary>How many seconds to wait at most. Default: 300.</summary>
    [Parameter]
    [ValidateRange(1, 604800)]
    public int Timeout { get; set; } = 300;

    protected override async Task ProcessItemAsync()
    {
        Core.Api.Zone zone = await Zones.GetAsync(Zone, StopToken);
        if (zone.Status == "active")
        {
            WriteObject(zone);
            return;
        }

        // Made on the pipeline's thread, so that its handler runs there.
        var progress = new Progress<Core.Api.Zone>(now => WriteProgressOf(
            Activity, $"{now.Name} is {now.Status}; its name servers are {string.Join(", ", now.NameServers ?? [])}"));
        try
        {
            WriteProgressOf(Activity, $"{zone.Name} is {zone.Status}");
            WriteObject(await Zones.WaitAsync(zone, TimeSpan.FromSeconds(Timeout), progress, StopToken));
        }
        finally
        {
            EndProgress(Activity);
        }
    }
}
