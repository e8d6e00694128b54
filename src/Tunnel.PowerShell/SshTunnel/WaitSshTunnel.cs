using System.Management.Automation;
using Tunnel.Core.Connector;

namespace Tunnel.PowerShell.SshTunnel;

/// <summary>Waits until a tunnel of this session has its connections to the edge.</summary>
/// <remarks>
/// <para>Shows progress while it waits, and gives the tunnel when it is healthy. Ends with an error when the time is
/// over, or when the edge refuses the tunnel for good.</para>
/// </remarks>
/// <example>
/// <para>Start, and go on when it works</para>
/// <code>
/// Start-SshTunnel ssh.example.test | Wait-SshTunnel -Timeout 30
/// </code>
/// <para>Waits for all connections, half a minute at most.</para>
/// </example>
/// <example>
/// <para>The first connection is enough</para>
/// <code>
/// Start-SshTunnel ssh.example.test | Wait-SshTunnel -Connections 1
/// </code>
/// <para>ssh works as soon as one connection is registered.</para>
/// </example>
[Cmdlet(VerbsLifecycle.Wait, "SshTunnel", DefaultParameterSetName = NameSet)]
[OutputType(typeof(Core.Tunnels.SshTunnel))]
public sealed class WaitSshTunnel : TunnelCmdlet
{
    private const string Activity = "Waiting for the tunnel";

    /// <summary>How many seconds to wait at most. Default: 60.</summary>
    [Parameter]
    [ValidateRange(1, 86400)]
    public int Timeout { get; set; } = 60;

    /// <summary>How many connections to wait for. Default: all that the tunnel keeps.</summary>
    [Parameter]
    [ValidateRange(1, 255)]
    public int Connections { get; set; }

    protected override async Task ProcessItemAsync()
    {
        Core.Tunnels.SshTunnel tunnel = await FindTunnelAsync();
        // Made on the pipeline's thread, so that its handler runs there.
        var progress = new Progress<ConnectorEvent>(change =>
        {
            WriteVerbose($"{tunnel.Name}: {change.Message}");
            WriteProgressOf(Activity, $"{tunnel.Name} is {tunnel.State}");
        });
        void Report(object? sender, ConnectorEvent change) => ((IProgress<ConnectorEvent>)progress).Report(change);

        tunnel.StateChanged += Report;
        try
        {
            WriteProgressOf(Activity, $"{tunnel.Name} is {tunnel.State}");
            await tunnel.WaitAsync(TimeSpan.FromSeconds(Timeout), Connections == 0 ? null : Connections, StopToken);
        }
        finally
        {
            tunnel.StateChanged -= Report;
            EndProgress(Activity);
        }

        WriteObject(tunnel);
    }
}
