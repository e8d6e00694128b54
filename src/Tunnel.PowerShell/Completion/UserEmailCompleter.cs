namespace Tunnel.PowerShell.Completion;

/// <summary>Completes the people who have signed in, by mail address.</summary>
public sealed class UserEmailCompleter : AccountCompleter
{
    protected override (string Command, string Property) Source => ("Get-AccessUser", "Email");
}
