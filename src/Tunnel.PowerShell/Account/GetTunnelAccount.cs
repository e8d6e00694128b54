using System.Management.Automation;
using Tunnel.Core.Accounts;
using Tunnel.PowerShell.Completion;
using Tunnel.PowerShell.Pipeline;

namespace Tunnel.PowerShell.Account;

/// <summary>Gets the accounts that this session is connected to, or those that it could be.</summary>
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
/// <example>
/// <para>Where could I be?</para>
/// <code>
/// Get-TunnelAccount -ListAvailable
/// </code>
/// <para>Lists every account that the token of the last connection sees; Connect-TunnelAccount -AccountName takes one.</para>
/// </example>
[Cmdlet(VerbsCommon.Get, "TunnelAccount")]
[OutputType(typeof(TunnelAccount), typeof(Core.Api.Account))]
public sealed class GetTunnelAccount : EngineCmdlet
{
    /// <summary>Only accounts of this name or id; wildcards work.</summary>
    [Parameter(Position = 0)]
    [SupportsWildcards]
    [ArgumentCompleter(typeof(ConnectedAccountCompleter))]
    public string[]? Name { get; set; }

    /// <summary>List what the token of the last connection sees, connected or not.</summary>
    [Parameter]
    public SwitchParameter ListAvailable { get; set; }

    protected override async Task ProcessItemAsync()
    {
        var filter = new NameFilter(Name);
        if (ListAvailable)
        {
            await foreach (Core.Api.Account seen in Session.AccountOrDefault(null).Api.Accounts.ListAsync(cancellationToken: StopToken))
            {
                if (filter.Matches(seen.Name, seen.Id))
                {
                    WriteObject(seen);
                }
            }

            return;
        }

        WriteObject(
            Session.Accounts.Where(account => filter.Matches(account.Name, account.AccountId)),
            enumerateCollection: true);
    }
}
