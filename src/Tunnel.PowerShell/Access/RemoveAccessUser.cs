using System.Management.Automation;
using Tunnel.Core.Api;
using Tunnel.Core.Users;
using Tunnel.PowerShell.Completion;
using Tunnel.PowerShell.Pipeline;

namespace Tunnel.PowerShell.Access;

/// <summary>Removes a person from the account's Access users, and ends all their sessions.</summary>
/// <remarks>
/// <para>The policies stay as they are: whoever may get in is there again after the next sign-in. To keep somebody out,
/// change the policy first.</para>
/// </remarks>
/// <example>
/// <para>Somebody has left</para>
/// <code>
/// Set-AccessGroup staff -Exclude alice@example.com
/// Remove-AccessUser alice@example.com
/// </code>
/// <para>The rule goes first, so that the person cannot sign in again in between.</para>
/// </example>
/// <example>
/// <para>Who has not signed in for a year</para>
/// <code>
/// Get-AccessUser | Where-Object LastSuccessfulLogin -lt ([DateTimeOffset]::Now.AddYears(-1)) | Remove-AccessUser
/// </code>
/// <para>Asks for each of them; -Confirm:$false does not.</para>
/// </example>
[Cmdlet(VerbsCommon.Remove, "AccessUser", SupportsShouldProcess = true, ConfirmImpact = ConfirmImpact.High)]
public sealed class RemoveAccessUser : AccountCmdlet
{
    /// <summary>The mail address or id of the person.</summary>
    [Parameter(Mandatory = true, Position = 0, ValueFromPipeline = true, ValueFromPipelineByPropertyName = true)]
    [Alias("Id", "Email")]
    [ValidateNotNullOrEmpty]
    [ArgumentCompleter(typeof(UserEmailCompleter))]
    public string User { get; set; } = null!;

    protected override object? ErrorTarget => User;

    protected override async Task ProcessItemAsync()
    {
        var users = new UserCatalog(Connected.Api, Connected.AccountId);
        AccessUser user = await users.GetAsync(User, StopToken);
        if (ShouldProcess(user.Email ?? user.Id, "Remove the person and end all their sessions"))
        {
            await users.RemoveAsync(user.Id, StopToken);
        }
    }
}
