using System.Management.Automation;
using Tunnel.Core.Api;
using Tunnel.Core.Applications;
using Tunnel.PowerShell.Pipeline;

namespace Tunnel.PowerShell.Access;

/// <summary>Puts e-mail addresses, or IP addresses, into a list that rules name.</summary>
/// <remarks>
/// <para>A list lets in nobody by itself: a policy or group has to name it, as email_list:NAME or ip_list:NAME. Unlike a
/// group it is only addresses, and one can be added or taken away without giving all of them.</para>
/// <para>A list of the same name that holds the same is given back as it is.</para>
/// </remarks>
/// <example>
/// <para>Operators, by address</para>
/// <code>
/// New-AccessList operators alice@example.com, bob@example.com
/// New-AccessPolicy ssh.example.test -Name staff -Decision Allow -Include email_list:operators
/// </code>
/// <para>Every rule that names the list follows when the list changes.</para>
/// </example>
/// <example>
/// <para>From a file</para>
/// <code>
/// New-AccessList offices -Item (Get-Content offices.txt)
/// New-AccessPolicy ssh.example.test -Name staff -Decision Allow -Include '@example.com' -Require ip_list:offices
/// </code>
/// <para>Each line is an address or a range such as 192.0.2.0/24.</para>
/// </example>
[Cmdlet(VerbsCommon.New, "AccessList", SupportsShouldProcess = true)]
[OutputType(typeof(AccessListResource))]
public sealed class NewAccessList : AccountCmdlet
{
    /// <summary>The list's name, unique within the account.</summary>
    [Parameter(Mandatory = true, Position = 0, ValueFromPipelineByPropertyName = true)]
    [ValidateNotNullOrEmpty]
    public string Name { get; set; } = null!;

    /// <summary>What it holds: e-mail addresses, or IP addresses and ranges. Default: nothing yet.</summary>
    [Parameter(Position = 1, ValueFromPipelineByPropertyName = true)]
    [AllowEmptyCollection]
    public string[] Item { get; set; } = [];

    /// <summary>What it may hold. Default: what the items are.</summary>
    [Parameter(ValueFromPipelineByPropertyName = true)]
    [ValidateSet("Email", "Ip")]
    public string? Type { get; set; }

    /// <summary>What it is for.</summary>
    [Parameter(ValueFromPipelineByPropertyName = true)]
    public string? Description { get; set; }

    protected override object? ErrorTarget => Name;

    protected override async Task ProcessItemAsync()
    {
        string type = Type?.ToUpperInvariant() ?? ListCatalog.TypeOf(Item);
        if (ShouldProcess(Name, $"Create a list of type {type} with {Item.Length} item(s) in {Connected.Name}"))
        {
            WriteObject(await new ListCatalog(Connected.Api, Connected.AccountId)
                .EnsureAsync(Name, type, Item, Description, StopToken));
        }
    }
}
