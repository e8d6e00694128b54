using System.Management.Automation;
using Tunnel.Core.Accounts;
using Tunnel.PowerShell.Completion;
using Tunnel.PowerShell.Pipeline;

namespace Tunnel.PowerShell.Account;

/// <summary>Forgets an account and its API token in this session.</summary>
/// <remarks>
/// <para>The token is overwritten in memory; an account object that a script still holds says so when it is used. Nothing
/// changes in the account itself. Tunnels that run go on running: they have credentials of their own.
/// Disconnecting an account that is not connected does nothing.</para>
/// </remarks>
/// <example>
/// <para>Forget the token</para>
/// <code>
/// Disconnect-TunnelAccount
/// </code>
/// <para>Forgets the account that was connected last.</para>
/// </example>
/// <example>
/// <para>Forget all</para>
/// <code>
/// Get-TunnelAccount | Disconnect-TunnelAccount
/// </code>
/// <para>Leaves the session with no account.</para>
/// </example>
[Cmdlet(VerbsCommunications.Disconnect, "TunnelAccount")]
public sealed class DisconnectTunnelAccount : EngineCmdlet
{
    /// <summary>The account to forget. Default: the one that this session connected last.</summary>
    [Parameter(Position = 0, ValueFromPipeline = true)]
    [ValidateNotNull]
    [ConnectedAccountTransformation]
    [ArgumentCompleter(typeof(ConnectedAccountCompleter))]
    public TunnelAccount? Account { get; set; }

    protected override object? ErrorTarget => Account;

    protected override Task ProcessItemAsync()
    {
        if ((Account ?? Session.DefaultAccount) is { } account)
        {
            Session.Disconnect(account);
        }

        return Task.CompletedTask;
    }
}
