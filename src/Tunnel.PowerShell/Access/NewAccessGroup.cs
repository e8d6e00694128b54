using System.Management.Automation;
using Tunnel.Access;
using Tunnel.Core.Api;
using Tunnel.Core.Applications;
using Tunnel.PowerShell.Completion;
using Tunnel.PowerShell.Pipeline;

namespace Tunnel.PowerShell.Access;

/// <summary>Puts rules under one name, for policies and other groups to use as one rule.</summary>
/// <remarks>
/// <para>A group matches a visitor who meets at least one rule of -Include, every rule of -Require and none of -Exclude.
/// It lets in nobody by itself: a policy has to name it, as group:NAME.</para>
/// <para>Groups may hold groups, but not themselves. A group of the same name that says the same is given back as it
/// is.</para>
/// </remarks>
/// <example>
/// <para>Say once who the operators are</para>
/// <code>
/// New-AccessGroup operators -Include alice@example.com, bob@example.com -Require auth_method:mfa
/// New-AccessPolicy ssh.example.test -Name staff -Decision Allow -Include group:operators
/// </code>
/// <para>Every policy that names the group follows when the group changes.</para>
/// </example>
[Cmdlet(VerbsCommon.New, "AccessGroup", SupportsShouldProcess = true)]
[OutputType(typeof(AccessGroupResource))]
public sealed class NewAccessGroup : AccountCmdlet
{
    /// <summary>The group's name, unique within the account.</summary>
    [Parameter(Mandatory = true, Position = 0, ValueFromPipelineByPropertyName = true)]
    [ValidateNotNullOrEmpty]
    public string Name { get; set; } = null!;

    /// <summary>Rules of which a visitor has to meet at least one.</summary>
    [Parameter(Mandatory = true, Position = 1, ValueFromPipelineByPropertyName = true)]
    [AccessRuleTransformation]
    [ArgumentCompleter(typeof(AccessRuleCompleter))]
    [ValidateNotNullOrEmpty]
    public AccessRule[] Include { get; set; } = [];

    /// <summary>Rules of which a visitor has to meet all.</summary>
    [Parameter(ValueFromPipelineByPropertyName = true)]
    [AccessRuleTransformation]
    [ArgumentCompleter(typeof(AccessRuleCompleter))]
    public AccessRule[] Require { get; set; } = [];

    /// <summary>Rules of which a visitor may meet none.</summary>
    [Parameter(ValueFromPipelineByPropertyName = true)]
    [AccessRuleTransformation]
    [ArgumentCompleter(typeof(AccessRuleCompleter))]
    public AccessRule[] Exclude { get; set; } = [];

    protected override object? ErrorTarget => Name;

    protected override async Task ProcessItemAsync()
    {
        var group = new AccessGroupResource { Name = Name, Include = Include, Require = Require, Exclude = Exclude };
        if (ShouldProcess(Name, $"Create an Access group in {Connected.Name}: {group.Summary}"))
        {
            WriteObject(await new GroupCatalog(Connected.Api, Connected.AccountId).EnsureAsync(group, StopToken));
        }
    }
}
