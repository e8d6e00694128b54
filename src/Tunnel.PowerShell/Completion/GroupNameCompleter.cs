namespace Tunnel.PowerShell.Completion;

/// <summary>Completes the account's Access groups.</summary>
public sealed class GroupNameCompleter : AccountCompleter
{
    protected override (string Command, string Property) Source => ("Get-AccessGroup", "Name");
}
