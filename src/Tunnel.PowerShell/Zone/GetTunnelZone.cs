using System.Management.Automation;
using Tunnel.Core.Zones;
using Tunnel.PowerShell.Completion;
using Tunnel.PowerShell.Pipeline;

namespace Tunnel.PowerShell.Zone;

/// <summary>Gets the domains of the account.</summary>
/// <remarks>
/// <para>Zones are written as the API tells them, page by page.</para>
/// </remarks>
/// <example>
/// <para>All zones</para>
/// <code>
/// Get-TunnelZone
/// </code>
/// <para>Shows each zone with its status and name servers.</para>
/// </example>
/// <example>
/// <para>Zones that wait for their name servers</para>
/// <code>
/// Get-TunnelZone | Where-Object Status -eq pending
/// </code>
/// <para>Shows what has to be set at the registrar.</para>
/// </example>
[Cmdlet(VerbsCommon.Get, "TunnelZone")]
[OutputType(typeof(Core.Api.Zone))]
public sealed class GetTunnelZone : AccountCmdlet
{
    /// <summary>Only zones of this name or id; wildcards work.</summary>
    [Parameter(Position = 0, ValueFromPipeline = true)]
    [SupportsWildcards]
    [ArgumentCompleter(typeof(ZoneNameCompleter))]
    public string[]? Name { get; set; }

    protected override async Task ProcessItemAsync()
    {
        var filter = new NameFilter(Name);
        var zones = new ZoneCatalog(Connected.Api, Connected.AccountId);
        await foreach (Core.Api.Zone zone in zones.ListAsync(cancellationToken: StopToken).ConfigureAwait(true))
        {
            if (filter.Matches(zone.Name, zone.Id))
            {
                WriteObject(zone);
            }
        }
    }
}
