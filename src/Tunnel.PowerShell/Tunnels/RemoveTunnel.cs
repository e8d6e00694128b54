using System.Management.Automation;
using Tunnel.Core.Api;

namespace Tunnel.PowerShell.Tunnels;

/// <summary>Deletes a tunnel of the account with its routes.</summary>
/// <remarks>
/// <para>The DNS records that lead to the tunnel are deleted in every zone of the account, and its files on this machine.
/// Records that lead elsewhere are not touched.</para>
/// <para>Refuses while connectors run the tunnel; -Force cuts them off. If you are connected through it yourself, you
/// lock yourself out.</para>
/// </remarks>
/// <example>
/// <para>Remove one that nobody runs</para>
/// <code>
/// Remove-Tunnel home
/// </code>
/// <para>Asks before it does; -Confirm:$false does not.</para>
/// </example>
/// <example>
/// <para>Remove what is left over</para>
/// <code>
/// Get-Tunnel -Status inactive, down | Remove-Tunnel
/// </code>
/// <para>Asks for each one.</para>
/// </example>
[Cmdlet(VerbsCommon.Remove, "Tunnel", SupportsShouldProcess = true, ConfirmImpact = ConfirmImpact.High)]
public sealed class RemoveTunnel : ExistingTunnelCmdlet
{
    /// <summary>Cuts off the connectors that run the tunnel.</summary>
    [Parameter]
    public SwitchParameter Force { get; set; }

    protected override async Task ProcessItemAsync()
    {
        TunnelInfo tunnel = await FindTunnelAsync();
        if (ShouldProcess(
            tunnel.ToString(),
            "Delete the DNS records that lead to the tunnel, the tunnel, and its files on this machine"))
        {
            await Session.TunnelsOf(Connected).RemoveAsync(tunnel, Force, StopToken);
        }
    }
}
