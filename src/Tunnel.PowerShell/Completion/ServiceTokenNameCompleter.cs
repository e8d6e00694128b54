namespace Tunnel.PowerShell.Completion;

/// <summary>Completes the account's service tokens.</summary>
public sealed class ServiceTokenNameCompleter : AccountCompleter
{
    protected override (string Command, string Property) Source => ("Get-AccessServiceToken", "Name");
}
