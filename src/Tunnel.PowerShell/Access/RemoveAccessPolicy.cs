using System.Management.Automation;
using Tunnel.Core.Applications;

namespace Tunnel.PowerShell.Access;

/// <summary>Removes a policy from an Access application, or a reusable policy from the account.</summary>
/// <remarks>
/// <para>Whom only this policy let in stays out from now on; whom only this policy kept out may get in by another.</para>
/// <para>With -Application the application's own policy is removed, and a reusable one only taken out of it: other
/// applications go on to hold it. With -ReusablePolicy a reusable policy is removed for good, once no application holds
/// it.</para>
/// </remarks>
/// <example>
/// <para>Remove one policy</para>
/// <code>
/// Remove-AccessPolicy ssh.example.test guests
/// </code>
/// <para>Asks before it does; -Confirm:$false does not.</para>
/// </example>
/// <example>
/// <para>Clear away what nobody uses</para>
/// <code>
/// Get-AccessPolicy | Where-Object ApplicationCount -eq 0 | Remove-AccessPolicy
/// </code>
/// <para>Removes the reusable policies that no application holds.</para>
/// </example>
[Cmdlet(VerbsCommon.Remove, "AccessPolicy", SupportsShouldProcess = true, ConfirmImpact = ConfirmImpact.High,
    DefaultParameterSetName = Reusable)]
public sealed class RemoveAccessPolicy : ExistingPolicyCmdlet
{
    protected override Task ProcessItemAsync() => IsOfApplication ? RemoveFromApplicationAsync() : RemoveReusableAsync();

    private async Task RemoveFromApplicationAsync()
    {
        ApplicationPolicy policy = await FindPolicyAsync();
        string what = policy.IsReusable ? "Take out the reusable policy" : "Remove the policy";
        if (ShouldProcess(Application, $"{what} '{policy.Name}' ({policy.Summary})"))
        {
            await Policies.RemoveAsync(policy, StopToken);
        }
    }

    private async Task RemoveReusableAsync()
    {
        Core.Applications.ReusablePolicy policy = await FindReusablePolicyAsync();
        if (ShouldProcess(Connected.Name, $"Remove the reusable policy '{policy.Name}' ({policy.Summary})"))
        {
            await ReusablePolicies.RemoveAsync(policy, StopToken);
        }
    }
}
