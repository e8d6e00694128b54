using System.Management.Automation;
using Tunnel.Core.Api;

namespace Tunnel.PowerShell.Access;

/// <summary>Removes a service token: whoever shows it stays out from now on.</summary>
/// <remarks>
/// <para>At an embedded edge, what was opened with the token is closed within a second.</para>
/// </remarks>
/// <example>
/// <para>A machine is gone</para>
/// <code>
/// Remove-AccessServiceToken deploy
/// </code>
/// <para>Asks before it does; -Confirm:$false does not.</para>
/// </example>
[Cmdlet(VerbsCommon.Remove, "AccessServiceToken", SupportsShouldProcess = true, ConfirmImpact = ConfirmImpact.High)]
public sealed class RemoveAccessServiceToken : ExistingServiceTokenCmdlet
{
    protected override async Task ProcessItemAsync()
    {
        ServiceToken token = await FindTokenAsync();
        if (ShouldProcess(token.ToString(), "Remove the service token"))
        {
            await Tokens.RemoveAsync(token.Id, StopToken);
        }
    }
}
