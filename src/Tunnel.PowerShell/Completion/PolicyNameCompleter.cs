namespace Tunnel.PowerShell.Completion;

/// <summary>Completes the policies of the application that is already typed.</summary>
public sealed class PolicyNameCompleter : AccountCompleter
{
    protected override (string Command, string Property) Source => ("Get-AccessPolicy", "Name");

    protected override IEnumerable<string> Narrowing => ["Account", "Application"];
}
