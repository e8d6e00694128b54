using System.Management.Automation;
using Tunnel.Core.Ingress;
using Tunnel.PowerShell.Pipeline;

namespace Tunnel.PowerShell.Ingress;

/// <summary>A cmdlet on the firewall of this machine.</summary>
public abstract class IngressCmdlet : EngineCmdlet
{
    /// <summary>Run the firewall's programs by sudo, which may ask for the password. In a service, where nobody can give one, run as root, or let sudo ask for none (NOPASSWD). Not on Windows.</summary>
    [Parameter]
    public SwitchParameter AsSudo { get; set; }

    protected override object? ErrorTarget => Environment.MachineName;

    private protected NetworkIngress Engine => new(HostFirewall.OfThisHost(new FirewallCommands(AsSudo)));
}
