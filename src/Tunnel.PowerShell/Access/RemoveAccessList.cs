using System.Management.Automation;
using Tunnel.Core.Api;
using Tunnel.Core.Applications;
using Tunnel.PowerShell.Completion;
using Tunnel.PowerShell.Pipeline;

namespace Tunnel.PowerShell.Access;

/// <summary>Removes a list.</summary>
/// <remarks>
/// <para>A list that a policy or a group names stays: take it out there first.</para>
/// </remarks>
/// <example>
/// <para>Remove one list</para>
/// <code>
/// Remove-AccessList operators
/// </code>
/// <para>Asks before it does; -Confirm:$false does not.</para>
/// </example>
[Cmdlet(VerbsCommon.Remove, "AccessList", SupportsShouldProcess = true, ConfirmImpact = ConfirmImpact.High)]
public sealed class RemoveAccessList : AccountCmdlet
{
    /// <summary>The name or id of the list.</summary>
    [Parameter(Mandatory = true, Position = 0, ValueFromPipeline = true, ValueFromPipelineByPropertyName = true)]
    [Alias("Id", "Name")]
    [ValidateNotNullOrEmpty]
    [ArgumentCompleter(typeof(ListNameCompleter))]
    public string List { get; set; } = null!;

    protected override object? ErrorTarget => List;

    protected override async Task ProcessItemAsync()
    {
        var lists = new ListCatalog(Connected.Api, Connected.AccountId);
        AccessListResource list = await lists.GetAsync(List, StopToken);
        if (ShouldProcess(list.Name, $"Remove the list with {list.Count} item(s)"))
        {
            await lists.RemoveAsync(list.Id, StopToken);
        }
    }
}
