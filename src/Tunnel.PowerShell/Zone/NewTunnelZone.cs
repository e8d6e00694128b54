using System.Management.Automation;
using Tunnel.Core.Zones;
using Tunnel.PowerShell.Pipeline;

namespace Tunnel.PowerShell.Zone;

/// <summary>Adds a domain to the account.</summary>
/// <remarks>
/// <para>Hostnames of tunnels lie in zones of the account. At Cloudflare a new zone stays pending until the domain's
/// registrar names the zone's name servers, which the object shows. At an embedded edge it is active at once.</para>
/// <para>A zone that the account has already is given back as it is.</para>
/// </remarks>
/// <example>
/// <para>Bring a domain</para>
/// <code>
/// New-TunnelZone example.test
/// </code>
/// <para>Adds the zone and shows it.</para>
/// </example>
[Cmdlet(VerbsCommon.New, "TunnelZone", SupportsShouldProcess = true)]
[OutputType(typeof(Core.Api.Zone))]
public sealed class NewTunnelZone : AccountCmdlet
{
    /// <summary>The domain, such as example.com.</summary>
    [Parameter(Mandatory = true, Position = 0, ValueFromPipeline = true, ValueFromPipelineByPropertyName = true)]
    [ValidateNotNullOrEmpty]
    public string Name { get; set; } = null!;

    protected override object? ErrorTarget => Name;

    protected override async Task ProcessItemAsync()
    {
        var zones = new ZoneCatalog(Connected.Api, Connected.AccountId);
        if (ShouldProcess(Name, $"Add the zone to {Connected.Name}"))
        {
            WriteObject(await zones.EnsureAsync(Name, StopToken));
        }
    }
}
