using System.Management.Automation;
using Tunnel.Core.Tunnels;

namespace Tunnel.PowerShell.SshTunnel;

/// <summary>Removes a tunnel: its connector, its routes, the tunnel in the account, its files on this machine.</summary>
/// <remarks>
/// <para>Whoever is connected through the tunnel is cut off when the grace period is over. If you are connected through
/// it yourself, you lock yourself out. The hostname's Access application stays; Remove-AccessApplication removes it.</para>
/// </remarks>
/// <example>
/// <para>Remove one</para>
/// <code>
/// Remove-SshTunnel ssh.example.test
/// </code>
/// <para>Asks before it does; -Confirm:$false does not.</para>
/// </example>
[Cmdlet(
    VerbsCommon.Remove,
    "SshTunnel",
    SupportsShouldProcess = true,
    ConfirmImpact = ConfirmImpact.High,
    DefaultParameterSetName = NameSet)]
public sealed class RemoveSshTunnel : TunnelCmdlet
{
    /// <summary>For how many seconds open connections may go on. Default: 30.</summary>
    [Parameter]
    [ValidateRange(0, 3600)]
    public int GracePeriod { get; set; } = 30;

    protected override async Task ProcessItemAsync()
    {
        Core.Tunnels.SshTunnel tunnel = await FindTunnelAsync();
        if (ShouldProcess(tunnel.ToString(), string.Join(" ", SshTunnelService.PlanRemoval(tunnel))))
        {
            await Session.TunnelsOf(tunnel, Account)
                .RemoveAsync(tunnel, TimeSpan.FromSeconds(GracePeriod), StopToken);
        }
    }
}
