using System.Management.Automation;
using Tunnel.Core.Accounts;

namespace Tunnel.PowerShell.Pipeline;

/// <summary>A cmdlet that talks to a control plane.</summary>
public abstract class AccountCmdlet : EngineCmdlet
{
    /// <summary>The account to work on, from Connect-TunnelAccount. Default: the one that this session connected last.</summary>
    [Parameter]
    [ValidateNotNull]
    public TunnelAccount? Account { get; set; }

    private protected TunnelAccount Connected => Session.AccountOrDefault(Account);
}
