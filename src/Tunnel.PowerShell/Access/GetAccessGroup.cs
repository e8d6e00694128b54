using System.Management.Automation;
using Tunnel.Core.Api;
using Tunnel.Core.Applications;
using Tunnel.PowerShell.Completion;
using Tunnel.PowerShell.Pipeline;

namespace Tunnel.PowerShell.Access;

/// <summary>Gets the Access groups of the account.</summary>
/// <remarks>
/// <para>A group is a list of rules under one name, which policies and other groups use as one rule: group:NAME.</para>
/// </remarks>
/// <example>
/// <para>Who is in it?</para>
/// <code>
/// Get-AccessGroup operators | Format-List
/// </code>
/// <para>Shows the rules of the group.</para>
/// </example>
/// <example>
/// <para>A group as a rule</para>
/// <code>
/// New-AccessPolicy ssh.example.test -Name staff -Decision Allow -Include (Get-AccessGroup operators)
/// </code>
/// <para>Lets in whom the group matches, now and after each change of the group.</para>
/// </example>
[Cmdlet(VerbsCommon.Get, "AccessGroup")]
[OutputType(typeof(AccessGroupResource))]
public sealed class GetAccessGroup : AccountCmdlet
{
    /// <summary>Only groups of this name or id; wildcards work.</summary>
    [Parameter(Position = 0, ValueFromPipeline = true)]
    [SupportsWildcards]
    [ArgumentCompleter(typeof(GroupNameCompleter))]
    public string[]? Name { get; set; }

    protected override async Task ProcessItemAsync()
    {
        var filter = new NameFilter(Name);
        var groups = new GroupCatalog(Connected.Api, Connected.AccountId);
        await foreach (AccessGroupResource group in groups.ListAsync(cancellationToken: StopToken))
        {
            if (filter.Matches(group.Name, group.Id))
            {
                WriteObject(group);
            }
        }
    }
}
