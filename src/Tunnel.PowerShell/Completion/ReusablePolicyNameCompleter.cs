namespace Tunnel.PowerShell.Completion;

/// <summary>Completes the account's reusable policies, whatever application is typed already.</summary>
public sealed class ReusablePolicyNameCompleter : AccountCompleter
{
    protected override (string Command, string Property) Source => ("Get-AccessPolicy", "Name");
}
