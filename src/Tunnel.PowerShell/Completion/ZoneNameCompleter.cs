namespace Tunnel.PowerShell.Completion;

/// <summary>Completes the account's zones.</summary>
public sealed class ZoneNameCompleter : AccountCompleter
{
    protected override (string Command, string Property) Source => ("Get-TunnelZone", "Name");
}
