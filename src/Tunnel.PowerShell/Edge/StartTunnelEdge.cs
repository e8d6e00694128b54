using System.Management.Automation;
using System.Net;
using Tunnel.Edge;
using Tunnel.PowerShell.Pipeline;

namespace Tunnel.PowerShell.Edge;

/// <summary>Starts an embedded edge in this process.</summary>
/// <remarks>
/// <para>The embedded edge is an edge network in one process: connectors dial in on one port, visitors come to another
/// over HTTPS, and a third serves the API. It needs no account and no internet. It listens on loopback and free ports
/// unless told otherwise, and keeps its state (zones, applications, policies, tokens, its certificate authority) in one
/// folder, readable by its owner only.</para>
/// <para>Starting an edge whose state folder an edge of this session already uses gives that edge back.</para>
/// </remarks>
/// <example>
/// <para>Try everything on this machine</para>
/// <code>
/// Start-TunnelEdge | Connect-TunnelAccount
/// </code>
/// <para>Starts an edge on loopback and connects the session to it.</para>
/// </example>
/// <example>
/// <para>An edge for a lab</para>
/// <code>
/// Start-TunnelEdge -StateDirectory /var/lib/tunnel-edge -PublicAddress 192.0.2.10:443 -TunnelAddress 192.0.2.10:7844
/// </code>
/// <para>Visitors and connectors of the lab reach the edge on an address of the machine; the API stays on loopback.</para>
/// </example>
[Cmdlet(VerbsLifecycle.Start, "TunnelEdge", SupportsShouldProcess = true)]
[OutputType(typeof(TunnelEdge))]
public sealed class StartTunnelEdge : EngineCmdlet
{
    /// <summary>The folder with the edge's state; made if it is missing. Default: tunnel/edge in the user's local application data.</summary>
    [Parameter(Position = 0)]
    [ValidateNotNullOrEmpty]
    public string StateDirectory { get; set; } = Path.Combine(
        Environment.GetFolderPath(Environment.SpecialFolder.LocalApplicationData, Environment.SpecialFolderOption.DoNotVerify),
        "tunnel",
        "edge");

    /// <summary>Where connectors dial in, as address:port. Port 0 takes a free one. Default: 127.0.0.1:0.</summary>
    [Parameter]
    [EndPointTransformation]
    public IPEndPoint TunnelAddress { get; set; } = new(IPAddress.Loopback, 0);

    /// <summary>Where visitors come, as address:port. Port 0 takes a free one. Default: 127.0.0.1:0.</summary>
    [Parameter]
    [EndPointTransformation]
    public IPEndPoint PublicAddress { get; set; } = new(IPAddress.Loopback, 0);

    /// <summary>Where the API is served, as address:port; keep it away from visitors. Default: 127.0.0.1:0.</summary>
    [Parameter]
    [EndPointTransformation]
    public IPEndPoint ApiAddress { get; set; } = new(IPAddress.Loopback, 0);

    /// <summary>The name of the account that the edge has; used at the first start.</summary>
    [Parameter]
    [ValidateNotNullOrEmpty]
    public string AccountName { get; set; } = "Tunnel";

    /// <summary>Lets new zones wait for Wait-TunnelZone, as they wait at Cloudflare for their name servers. Default: active at once.</summary>
    [Parameter]
    public SwitchParameter PendingZones { get; set; }

    protected override object? ErrorTarget => StateDirectory;

    protected override async Task ProcessItemAsync()
    {
        string folder = GetUnresolvedProviderPathFromPSPath(StateDirectory);
        if (Session.Edges.Find(edge => edge.StateDirectory == folder) is { } running)
        {
            WriteObject(running);
            return;
        }

        if (!ShouldProcess(folder, "Start an embedded edge"))
        {
            return;
        }

        EmbeddedEdge engine = await EmbeddedEdge.StartAsync(
            new EdgeOptions
            {
                StateDirectory = folder,
                TunnelAddress = TunnelAddress,
                PublicAddress = PublicAddress,
                ApiAddress = ApiAddress,
                AccountName = AccountName,
                ZonesStartPending = PendingZones,
            },
            StopToken);
        var started = new TunnelEdge(engine);
        Session.Edges.Add(started);
        WriteObject(started);
    }
}
