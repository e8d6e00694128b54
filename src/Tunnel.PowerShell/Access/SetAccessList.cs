using System.Management.Automation;
using Tunnel.Core.Api;
using Tunnel.Core.Applications;
using Tunnel.PowerShell.Completion;
using Tunnel.PowerShell.Pipeline;

namespace Tunnel.PowerShell.Access;

/// <summary>Changes a list, and so every rule that names it: only what is given changes.</summary>
/// <remarks>
/// <para>The change holds for the next visitor who comes. The embedded edge also ends what is open and would not be let in
/// again; Cloudflare lets it go on until its session ends.</para>
/// <para>-Add and -Remove leave what else the list holds; -Item replaces all of it, in one step. With -WhatIf you see what
/// would change.</para>
/// </remarks>
/// <example>
/// <para>Somebody comes, somebody goes</para>
/// <code>
/// Set-AccessList operators -Add carol@example.com -Remove bob@example.com
/// </code>
/// <para>Asks before it does; -Confirm:$false does not.</para>
/// </example>
/// <example>
/// <para>Keep a list as a file says</para>
/// <code>
/// Set-AccessList offices -Item (Get-Content offices.txt) -Confirm:$false
/// </code>
/// <para>Adds and removes only what differs.</para>
/// </example>
[Cmdlet(VerbsCommon.Set, "AccessList", SupportsShouldProcess = true, ConfirmImpact = ConfirmImpact.High, DefaultParameterSetName = Some)]
[OutputType(typeof(AccessListResource))]
public sealed class SetAccessList : AccountCmdlet
{
    private const string Some = "Some";
    private const string All = "All";

    /// <summary>The name or id of the list.</summary>
    [Parameter(Mandatory = true, Position = 0, ValueFromPipeline = true, ValueFromPipelineByPropertyName = true)]
    [Alias("Id", "Name")]
    [ValidateNotNullOrEmpty]
    [ArgumentCompleter(typeof(ListNameCompleter))]
    public string List { get; set; } = null!;

    /// <summary>What comes in.</summary>
    [Parameter(ParameterSetName = Some)]
    [AllowEmptyCollection]
    public string[] Add { get; set; } = [];

    /// <summary>What goes. What the list does not hold is no error.</summary>
    [Parameter(ParameterSetName = Some)]
    [AllowEmptyCollection]
    public string[] Remove { get; set; } = [];

    /// <summary>All that the list shall hold; an empty array empties it.</summary>
    [Parameter(Mandatory = true, ParameterSetName = All)]
    [AllowEmptyCollection]
    public string[]? Item { get; set; }

    /// <summary>A new name.</summary>
    [Parameter]
    [ValidateNotNullOrEmpty]
    public string? NewName { get; set; }

    /// <summary>What it is for; an empty text takes the description away.</summary>
    [Parameter]
    [AllowEmptyString]
    public string? Description { get; set; }

    protected override object? ErrorTarget => List;

    protected override async Task ProcessItemAsync()
    {
        var lists = new ListCatalog(Connected.Api, Connected.AccountId);
        AccessListResource list = await lists.GetAsync(List, StopToken);
        var change = new ListChange { Name = NewName, Description = Description, Replace = Item, Add = Add, Remove = Remove };
        if (ShouldProcess(list.Name, $"Change the list: {ListCatalog.Describe(list, change)}"))
        {
            WriteObject(await lists.UpdateAsync(list, change, StopToken));
        }
    }
}
