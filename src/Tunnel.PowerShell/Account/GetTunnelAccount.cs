using System.Management.Automation;
using Tunnel.Core.Accounts;
using Tunnel.PowerShell.Completion;
using Tunnel.PowerShell.Pipeline;

namespace Tunnel.PowerShell.Account;

/// <summary>Gets the accounts that this session is connected to.</summary>
/// <remarks>
/// <para>The last account that was connected comes last; it is the default of every cmdlet's -Account.</para>
/// </remarks>
/// <example>
/// <para>Where am I?</para>
/// <code>
/// Get-TunnelAccount
/// </code>
/// <para>Shows each connected account with the address of its API.</para>
/// </example>
[Cmdlet(VerbsCommon.Get, "TunnelAccount")]
[OutputType(typeof(TunnelAccount))]
public sealed class GetTunnelAccount : EngineCmdlet
{
    /// <summary>Only accounts of this name or id; wildcards work.</summary>
    [Parameter(Position = 0)]
    [SupportsWildcards]
    [ArgumentCompleter(typeof(ConnectedAccountCompleter))]
    public string[]? Name { get; set; }

    protected override Task ProcessItemAsync()
    {
        var filter = new NameFilter(Name);
        WriteObject(
            Session.Accounts.Where(account => filter.Matches(account.Name, account.AccountId)),
            enumerateCollection: true);
        return Task.CompletedTask;
    }
}
