namespace Tunnel.PowerShell.Completion;

/// <summary>Completes the accounts that the session is connected to.</summary>
public sealed class ConnectedAccountCompleter : AccountCompleter
{
    protected override (string Command, string Property) Source => ("Get-TunnelAccount", "Name");

    protected override IEnumerable<string> Narrowing => [];
}
