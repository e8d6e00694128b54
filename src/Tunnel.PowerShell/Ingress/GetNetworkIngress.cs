using System.Management.Automation;
using Tunnel.Core.Ingress;

namespace Tunnel.PowerShell.Ingress;

/// <summary>Shows whether network ingress is closed, until when, what is left open, and what was turned away.</summary>
/// <remarks>
/// <para>Asks the firewall, not a file: what is shown is what holds. Needs root, or -AsSudo. On Windows, which counts no
/// dropped packets, and macOS this has not yet been run on the real system.</para>
/// </remarks>
/// <example>
/// <para>Who knocks?</para>
/// <code>
/// (Get-NetworkIngress).Dropped
/// </code>
/// <para>Packets that were turned away, by protocol and port.</para>
/// </example>
[Cmdlet(VerbsCommon.Get, "NetworkIngress")]
[OutputType(typeof(NetworkIngressState))]
public sealed class GetNetworkIngress : IngressCmdlet
{
    protected override async Task ProcessItemAsync() => WriteObject(await Engine.GetAsync(StopToken));
}
