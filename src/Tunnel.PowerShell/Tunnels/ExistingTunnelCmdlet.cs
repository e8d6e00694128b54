using System.Management.Automation;
using Tunnel.Core.Api;
using Tunnel.Core.Tunnels;
using Tunnel.PowerShell.Completion;
using Tunnel.PowerShell.Pipeline;

namespace Tunnel.PowerShell.Tunnels;

/// <summary>A cmdlet on one tunnel of the account, whoever runs it.</summary>
public abstract class ExistingTunnelCmdlet : AccountCmdlet
{
    /// <summary>The name or id of the tunnel, or the tunnel itself, from Get-Tunnel or Get-SshTunnel.</summary>
    [Parameter(Mandatory = true, Position = 0, ValueFromPipeline = true, ValueFromPipelineByPropertyName = true)]
    [Alias("TunnelId", "Id", "TunnelName")]
    [TunnelTransformation]
    [ValidateNotNullOrEmpty]
    [ArgumentCompleter(typeof(TunnelNameCompleter))]
    public string Tunnel { get; set; } = null!;

    protected override object? ErrorTarget => Tunnel;

    private protected TunnelCatalog Tunnels => new(Connected);

    private protected TunnelConfigurationCatalog Configurations => new(Connected, Session.TunnelsOf(Connected).Directory);

    private protected Task<TunnelInfo> FindTunnelAsync() => Tunnels.GetAsync(Tunnel, StopToken);
}
