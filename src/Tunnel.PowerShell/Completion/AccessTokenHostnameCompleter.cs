namespace Tunnel.PowerShell.Completion;

/// <summary>Completes the hostnames to which there is a token on this machine.</summary>
public sealed class AccessTokenHostnameCompleter : AccountCompleter
{
    protected override (string Command, string Property) Source => ("Get-AccessToken", "Hostname");
}
