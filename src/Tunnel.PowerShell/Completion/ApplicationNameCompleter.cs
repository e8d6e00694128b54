namespace Tunnel.PowerShell.Completion;

/// <summary>Completes the account's Access applications, by hostname.</summary>
public sealed class ApplicationNameCompleter : AccountCompleter
{
    protected override (string Command, string Property) Source => ("Get-AccessApplication", "Domain");
}
