using System.Management.Automation;
using Tunnel.Core.Api;
using Tunnel.Core.Applications;
using Tunnel.PowerShell.Completion;
using Tunnel.PowerShell.Pipeline;

namespace Tunnel.PowerShell.Access;

/// <summary>Removes a service token: whoever shows it stays out from now on.</summary>
/// <remarks>
/// <para>Sessions that were opened with the token go on until they end.</para>
/// </remarks>
/// <example>
/// <para>A machine is gone</para>
/// <code>
/// Remove-AccessServiceToken deploy
/// </code>
/// <para>Asks before it does; -Confirm:$false does not.</para>
/// </example>
[Cmdlet(VerbsCommon.Remove, "AccessServiceToken", SupportsShouldProcess = true, ConfirmImpact = ConfirmImpact.High)]
public sealed class RemoveAccessServiceToken : AccountCmdlet
{
    /// <summary>The name, id or client id of the token.</summary>
    [Parameter(Mandatory = true, Position = 0, ValueFromPipeline = true, ValueFromPipelineByPropertyName = true)]
    [Alias("Id", "Name")]
    [ValidateNotNullOrEmpty]
    [ArgumentCompleter(typeof(ServiceTokenNameCompleter))]
    public string Token { get; set; } = null!;

    protected override object? ErrorTarget => Token;

    protected override async Task ProcessItemAsync()
    {
        var tokens = new ServiceTokenCatalog(Connected.Api, Connected.AccountId);
        ServiceToken token = await tokens.GetAsync(Token, StopToken);
        if (ShouldProcess(token.ToString(), "Remove the service token"))
        {
            await tokens.RemoveAsync(token.Id, StopToken);
        }
    }
}
