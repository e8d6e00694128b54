using System.Management.Automation;
using Tunnel.Access;
using Tunnel.Core.Api;
using Tunnel.Core.Applications;
using Tunnel.PowerShell.Completion;
using Tunnel.PowerShell.Pipeline;

namespace Tunnel.PowerShell.Access;

/// <summary>Changes an Access group, and so every policy that names it: only what is given changes.</summary>
/// <remarks>
/// <para>The change holds for the next visitor who comes. The embedded edge also ends what is open and would not be let in
/// again; Cloudflare lets it go on until its session ends.</para>
/// <para>Rules replace those that the group has; give all that should hold. With -WhatIf you see what would change.</para>
/// </remarks>
/// <example>
/// <para>Another operator</para>
/// <code>
/// Set-AccessGroup operators -Include alice@example.com, bob@example.com, carol@example.com
/// </code>
/// <para>Asks before it does; -Confirm:$false does not.</para>
/// </example>
/// <example>
/// <para>Somebody less</para>
/// <code>
/// $group = Get-AccessGroup operators
/// $group | Set-AccessGroup -Exclude (@($group.Exclude) + 'bob@example.com')
/// </code>
/// <para>Adds a rule to those that exclude.</para>
/// </example>
[Cmdlet(VerbsCommon.Set, "AccessGroup", SupportsShouldProcess = true, ConfirmImpact = ConfirmImpact.High)]
[OutputType(typeof(AccessGroupResource))]
public sealed class SetAccessGroup : AccountCmdlet
{
    /// <summary>The name or id of the group.</summary>
    [Parameter(Mandatory = true, Position = 0, ValueFromPipeline = true, ValueFromPipelineByPropertyName = true)]
    [Alias("Id", "Name")]
    [ValidateNotNullOrEmpty]
    [ArgumentCompleter(typeof(GroupNameCompleter))]
    public string Group { get; set; } = null!;

    /// <summary>A new name.</summary>
    [Parameter]
    [ValidateNotNullOrEmpty]
    public string? NewName { get; set; }

    /// <summary>Rules of which a visitor has to meet at least one.</summary>
    [Parameter]
    [AccessRuleTransformation]
    [ArgumentCompleter(typeof(AccessRuleCompleter))]
    [ValidateNotNullOrEmpty]
    public AccessRule[]? Include { get; set; }

    /// <summary>Rules of which a visitor has to meet all.</summary>
    [Parameter]
    [AccessRuleTransformation]
    [ArgumentCompleter(typeof(AccessRuleCompleter))]
    public AccessRule[]? Require { get; set; }

    /// <summary>Rules of which a visitor may meet none.</summary>
    [Parameter]
    [AccessRuleTransformation]
    [ArgumentCompleter(typeof(AccessRuleCompleter))]
    public AccessRule[]? Exclude { get; set; }

    protected override object? ErrorTarget => Group;

    protected override async Task ProcessItemAsync()
    {
        var groups = new GroupCatalog(Connected.Api, Connected.AccountId);
        AccessGroupResource group = await groups.GetAsync(Group, StopToken);
        AccessGroupResource changed = group with
        {
            Name = NewName ?? group.Name,
            Include = Include ?? group.Include,
            Require = Require ?? group.Require,
            Exclude = Exclude ?? group.Exclude,
        };
        if (ShouldProcess(group.Name, $"Change the Access group to: {changed.Name}: {changed.Summary}"))
        {
            WriteObject(await groups.UpdateAsync(changed, StopToken));
        }
    }
}
