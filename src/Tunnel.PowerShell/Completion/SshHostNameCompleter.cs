namespace Tunnel.PowerShell.Completion;

/// <summary>Completes the account's hosts in the ssh configuration.</summary>
public sealed class SshHostNameCompleter : AccountCompleter
{
    protected override (string Command, string Property) Source => ("Get-SshHost", "Name");
}
