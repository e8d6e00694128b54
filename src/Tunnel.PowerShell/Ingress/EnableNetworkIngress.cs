using System.Management.Automation;
using Tunnel.Core.Ingress;

namespace Tunnel.PowerShell.Ingress;

/// <summary>Opens the door again: the firewall is as it was before Disable-NetworkIngress.</summary>
/// <remarks>
/// <para>Takes the lock away, now and for the next boot. Rules of others were never touched. No lock is no error.</para>
/// <para>On Linux, where PowerShell is not at hand: systemctl disable --now tunnel-ingress.service (if the lock was kept for
/// the boot), then nft delete table inet tunnel_ingress.</para>
/// <para>On Windows the rules that the lock disabled are enabled again, and the profiles are as they were. On Windows and macOS
/// this has not yet been run on the real system.</para>
/// </remarks>
/// <example>
/// <para>Open</para>
/// <code>
/// Enable-NetworkIngress
/// </code>
/// <para>Every port that was reachable before is reachable again.</para>
/// </example>
[Cmdlet(VerbsLifecycle.Enable, "NetworkIngress", SupportsShouldProcess = true, ConfirmImpact = ConfirmImpact.High)]
[OutputType(typeof(NetworkIngressState))]
public sealed class EnableNetworkIngress : IngressCmdlet
{
    protected override async Task ProcessItemAsync()
    {
        NetworkIngress engine = Engine;
        await engine.CheckAsync(StopToken);
        if (ShouldProcess(Environment.MachineName, "Open network ingress: every port is reachable again as before the lock"))
        {
            WriteObject(await engine.EnableAsync(StopToken));
        }
    }
}
