using System.Management.Automation;

namespace Tunnel.PowerShell.SshTunnel;

/// <summary>Stops a tunnel of this session; it stays in the account.</summary>
/// <remarks>
/// <para>The connector tells the edge that it leaves, lets open connections end for the grace period, and closes. Ctrl+C
/// cuts the open connections off. Start-SshTunnel starts the same tunnel again.</para>
/// </remarks>
/// <example>
/// <para>Stop one</para>
/// <code>
/// Stop-SshTunnel ssh.example.test
/// </code>
/// <para>Sessions that are open may go on for up to half a minute.</para>
/// </example>
/// <example>
/// <para>Stop what runs here, at once</para>
/// <code>
/// Get-SshTunnel | Where-Object IsRunningHere | Stop-SshTunnel -GracePeriod 0
/// </code>
/// <para>Cuts off open sessions.</para>
/// </example>
[Cmdlet(VerbsLifecycle.Stop, "SshTunnel", SupportsShouldProcess = true, DefaultParameterSetName = NameSet)]
public sealed class StopSshTunnel : TunnelCmdlet
{
    /// <summary>For how many seconds open connections may go on. Default: 30.</summary>
    [Parameter]
    [ValidateRange(0, 3600)]
    public int GracePeriod { get; set; } = 30;

    protected override async Task ProcessItemAsync()
    {
        Core.Tunnels.SshTunnel tunnel = await FindTunnelAsync();
        if (ShouldProcess(tunnel.ToString(), "Stop the connector that this session runs"))
        {
            await Session.TunnelsOf(tunnel, Account)
                .StopAsync(tunnel, TimeSpan.FromSeconds(GracePeriod), StopToken);
        }
    }
}
