using System.Management.Automation;
using Tunnel.Core.Applications;

namespace Tunnel.PowerShell.Access;

/// <summary>Removes a policy from an Access application.</summary>
/// <remarks>
/// <para>Whom only this policy let in stays out from now on; whom only this policy kept out may get in by another.</para>
/// </remarks>
/// <example>
/// <para>Remove one policy</para>
/// <code>
/// Remove-AccessPolicy ssh.example.test guests
/// </code>
/// <para>Asks before it does; -Confirm:$false does not.</para>
/// </example>
[Cmdlet(VerbsCommon.Remove, "AccessPolicy", SupportsShouldProcess = true, ConfirmImpact = ConfirmImpact.High)]
public sealed class RemoveAccessPolicy : ExistingPolicyCmdlet
{
    protected override async Task ProcessItemAsync()
    {
        ApplicationPolicy policy = await FindPolicyAsync();
        if (ShouldProcess(Application, $"Remove the policy '{policy.Name}' ({policy.Summary})"))
        {
            await Policies.RemoveAsync(policy.ApplicationId, policy.Id, StopToken);
        }
    }
}
