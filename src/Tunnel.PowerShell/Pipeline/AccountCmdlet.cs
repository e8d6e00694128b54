using System.Management.Automation;
using Tunnel.Core.Accounts;
using Tunnel.PowerShell.Completion;

namespace Tunnel.PowerShell.Pipeline;

/// <summary>A cmdlet that talks to a control plane.</summary>
public abstract class AccountCmdlet : EngineCmdlet
{
    /// <summary>The account to work on: one of this session's by name or id, or the object from Connect-TunnelAccount. Default: the one that this session connected last.</summary>
    [Parameter]
    [ValidateNotNull]
    [ConnectedAccountTransformation]
    [ArgumentCompleter(typeof(ConnectedAccountCompleter))]
    public TunnelAccount? Account { get; set; }

    private protected TunnelAccount Connected => Session.AccountOrDefault(Account);
}
