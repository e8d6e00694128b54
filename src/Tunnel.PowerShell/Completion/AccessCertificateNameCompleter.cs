namespace Tunnel.PowerShell.Completion;

/// <summary>Completes the account's authorities for client certificates.</summary>
public sealed class AccessCertificateNameCompleter : AccountCompleter
{
    protected override (string Command, string Property) Source => ("Get-AccessCertificate", "Name");
}
