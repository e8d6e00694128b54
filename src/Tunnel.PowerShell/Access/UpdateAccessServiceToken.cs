using System.Management.Automation;
using Tunnel.Core.Api;

namespace Tunnel.PowerShell.Access;

/// <summary>Lets a service token live for another whole duration from now; its secret stays.</summary>
/// <remarks>
/// <para>Nothing changes on the machines that use it. To change how long it lives, use Set-AccessServiceToken; to change
/// its secret, Reset-AccessServiceToken.</para>
/// </remarks>
/// <example>
/// <para>Once a month, in a runbook</para>
/// <code>
/// Get-AccessServiceToken | Where-Object State -in ExpiresSoon, Expired | Update-AccessServiceToken
/// </code>
/// <para>No machine is locked out because somebody forgot.</para>
/// </example>
[Cmdlet(VerbsData.Update, "AccessServiceToken", SupportsShouldProcess = true)]
[OutputType(typeof(AccessServiceToken))]
public sealed class UpdateAccessServiceToken : ExistingServiceTokenCmdlet
{
    protected override async Task ProcessItemAsync()
    {
        ServiceToken token = await FindTokenAsync();
        if (ShouldProcess(token.ToString(), $"Let the service token live for another {token.Duration}"))
        {
            WriteToken(await Tokens.RefreshAsync(token.Id, StopToken));
        }
    }
}
