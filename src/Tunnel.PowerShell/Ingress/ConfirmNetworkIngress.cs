using System.Management.Automation;
using Tunnel.Core.Ingress;

namespace Tunnel.PowerShell.Ingress;

/// <summary>Keeps the lock that Disable-NetworkIngress made: it no longer opens by itself.</summary>
/// <remarks>
/// <para>Log in by the tunnel first, as you will from now on. A lock that has opened already is not made again: run
/// Disable-NetworkIngress once more.</para>
/// <para>Without -Persist the lock holds until the next reboot; on Windows, which keeps its rules, it stays anyway. On Windows
/// and macOS this has not yet been run on the real system.</para>
/// </remarks>
/// <example>
/// <para>Keep it, also after a reboot</para>
/// <code>
/// Confirm-NetworkIngress -Persist
/// </code>
/// <para>A systemd unit closes the door at boot, before any network interface comes up, and closes it again when something
/// flushes the rules of the firewall.</para>
/// </example>
[Cmdlet(VerbsLifecycle.Confirm, "NetworkIngress", SupportsShouldProcess = true)]
[OutputType(typeof(NetworkIngressState))]
public sealed class ConfirmNetworkIngress : IngressCmdlet
{
    /// <summary>Keep the lock over reboots as well.</summary>
    [Parameter]
    public SwitchParameter Persist { get; set; }

    protected override async Task ProcessItemAsync()
    {
        NetworkIngress engine = Engine;
        await engine.CheckAsync(StopToken);
        if (ShouldProcess(Environment.MachineName, Persist ? "Keep network ingress closed, also after a reboot" : "Keep network ingress closed until the next reboot"))
        {
            WriteObject(await engine.ConfirmAsync(Persist, StopToken));
        }
    }
}
