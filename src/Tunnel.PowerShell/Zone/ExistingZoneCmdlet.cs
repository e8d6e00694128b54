using System.Management.Automation;
using Tunnel.Core.Zones;
using Tunnel.PowerShell.Completion;
using Tunnel.PowerShell.Pipeline;

namespace Tunnel.PowerShell.Zone;

/// <summary>A cmdlet on one zone of the account.</summary>
public abstract class ExistingZoneCmdlet : AccountCmdlet
{
    /// <summary>The name or id of the zone, or the zone itself, from New-TunnelZone or Get-TunnelZone.</summary>
    [Parameter(Mandatory = true, Position = 0, ValueFromPipeline = true, ValueFromPipelineByPropertyName = true)]
    [Alias("Id", "Name")]
    [ValidateNotNullOrEmpty]
    [ArgumentCompleter(typeof(ZoneNameCompleter))]
    public string Zone { get; set; } = null!;

    protected override object? ErrorTarget => Zone;

    private protected ZoneCatalog Zones => new(Connected.Api, Connected.AccountId);
}
