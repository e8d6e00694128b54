namespace Tunnel.PowerShell.Completion;

/// <summary>Completes the account's tunnels.</summary>
public sealed class TunnelNameCompleter : AccountCompleter
{
    protected override (string Command, string Property) Source => ("Get-Tunnel", "Name");
}
