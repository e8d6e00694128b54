namespace Tunnel.PowerShell.Completion;

/// <summary>Completes the account's identity providers.</summary>
public sealed class IdentityProviderNameCompleter : AccountCompleter
{
    protected override (string Command, string Property) Source => ("Get-AccessIdentityProvider", "Name");
}
