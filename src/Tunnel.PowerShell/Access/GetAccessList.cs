using System.Management.Automation;
using Tunnel.Core.Api;
using Tunnel.Core.Applications;
using Tunnel.PowerShell.Completion;
using Tunnel.PowerShell.Pipeline;

namespace Tunnel.PowerShell.Access;

/// <summary>Gets the account's lists of e-mail addresses and of IP addresses.</summary>
/// <remarks>
/// <para>Rules of policies and groups name a list as email_list:NAME or ip_list:NAME. Cloudflare calls them Zero Trust
/// lists, and has lists of other types as well, which no rule of Access names.</para>
/// <para>What is in a list takes a call of its own for each: ask for it with -IncludeItem.</para>
/// </remarks>
/// <example>
/// <para>Who is in it?</para>
/// <code>
/// (Get-AccessList operators -IncludeItem).Items
/// </code>
/// <para>Shows each address with its description.</para>
/// </example>
/// <example>
/// <para>A list as a rule</para>
/// <code>
/// New-AccessPolicy ssh.example.test -Name staff -Decision Allow -Include (Get-AccessList operators)
/// </code>
/// <para>Lets in whom the list holds, now and after each change of the list.</para>
/// </example>
[Cmdlet(VerbsCommon.Get, "AccessList")]
[OutputType(typeof(AccessListResource))]
public sealed class GetAccessList : AccountCmdlet
{
    /// <summary>Only lists of this name or id; wildcards work.</summary>
    [Parameter(Position = 0, ValueFromPipeline = true)]
    [SupportsWildcards]
    [ArgumentCompleter(typeof(ListNameCompleter))]
    public string[]? Name { get; set; }

    /// <summary>Tells also what is in each.</summary>
    [Parameter]
    public SwitchParameter IncludeItem { get; set; }

    protected override async Task ProcessItemAsync()
    {
        var filter = new NameFilter(Name);
        var lists = new ListCatalog(Connected.Api, Connected.AccountId);
        await foreach (AccessListResource list in lists.ListAsync(cancellationToken: StopToken))
        {
            if (filter.Matches(list.Name, list.Id))
            {
                WriteObject(IncludeItem ? await lists.WithItemsAsync(list, StopToken) : list);
            }
        }
    }
}
