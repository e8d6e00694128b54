namespace Tunnel.PowerShell.Completion;

/// <summary>Completes the account's lists.</summary>
public sealed class ListNameCompleter : AccountCompleter
{
    protected override (string Command, string Property) Source => ("Get-AccessList", "Name");
}
