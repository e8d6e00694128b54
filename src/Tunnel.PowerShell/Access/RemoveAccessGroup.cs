using System.Management.Automation;
using Tunnel.Core.Api;
using Tunnel.Core.Applications;
using Tunnel.PowerShell.Completion;
using Tunnel.PowerShell.Pipeline;

namespace Tunnel.PowerShell.Access;

/// <summary>Removes an Access group.</summary>
/// <remarks>
/// <para>A group that a policy or another group names stays: take it out there first.</para>
/// </remarks>
/// <example>
/// <para>Remove one group</para>
/// <code>
/// Remove-AccessGroup operators
/// </code>
/// <para>Asks before it does; -Confirm:$false does not.</para>
/// </example>
[Cmdlet(VerbsCommon.Remove, "AccessGroup", SupportsShouldProcess = true, ConfirmImpact = ConfirmImpact.High)]
public sealed class RemoveAccessGroup : AccountCmdlet
{
    /// <summary>The name or id of the group.</summary>
    [Parameter(Mandatory = true, Position = 0, ValueFromPipeline = true, ValueFromPipelineByPropertyName = true)]
    [Alias("Id", "Name")]
    [ValidateNotNullOrEmpty]
    [ArgumentCompleter(typeof(GroupNameCompleter))]
    public string Group { get; set; } = null!;

    protected override object? ErrorTarget => Group;

    protected override async Task ProcessItemAsync()
    {
        var groups = new GroupCatalog(Connected.Api, Connected.AccountId);
        AccessGroupResource group = await groups.GetAsync(Group, StopToken);
        if (ShouldProcess(group.Name, $"Remove the Access group ({group.Summary})"))
        {
            await groups.RemoveAsync(group.Id, StopToken);
        }
    }
}
