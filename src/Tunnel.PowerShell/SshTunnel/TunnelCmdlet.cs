using System.Management.Automation;
using Tunnel.PowerShell.Completion;
using Tunnel.PowerShell.Pipeline;

namespace Tunnel.PowerShell.SshTunnel;

/// <summary>A cmdlet on one tunnel that is there, named or piped.</summary>
public abstract class TunnelCmdlet : AccountCmdlet
{
    protected const string NameSet = "Name";
    protected const string TunnelSet = "Tunnel";

    /// <summary>The name, hostname or id of the tunnel.</summary>
    [Parameter(Mandatory = true, Position = 0, ParameterSetName = NameSet)]
    [ValidateNotNullOrEmpty]
    [ArgumentCompleter(typeof(SshTunnelNameCompleter))]
    public string Name { get; set; } = null!;

    /// <summary>The tunnel, from Start-SshTunnel or Get-SshTunnel.</summary>
    [Parameter(Mandatory = true, ValueFromPipeline = true, ParameterSetName = TunnelSet)]
    [ValidateNotNull]
    public Core.Tunnels.SshTunnel Tunnel { get; set; } = null!;

    protected override object? ErrorTarget => ParameterSetName == NameSet ? Name : Tunnel;

    /// <summary>One of this session needs no call of the API to be found.</summary>
    private protected async Task<Core.Tunnels.SshTunnel> FindTunnelAsync() =>
        ParameterSetName == TunnelSet
            ? Tunnel
            : Session.RunningTunnels.FirstOrDefault(tunnel => new NameFilter([WildcardPattern.Escape(Name)])
                .Matches([tunnel.Name, tunnel.Hostname, tunnel.Id.ToString()]))
            ?? await Session.TunnelsOf(Connected).GetAsync(Name, StopToken);
}
