using System.Management.Automation;
using Tunnel.Core.Api;
using Tunnel.Core.Tunnels;
using Tunnel.PowerShell.Pipeline;

namespace Tunnel.PowerShell.Tunnels;

/// <summary>Creates a tunnel in the account, to be run by any connector.</summary>
/// <remarks>
/// <para>A tunnel is the account's end of what a connector dials. It carries nothing until a connector runs it, with the
/// token that Get-TunnelToken gives, and until New-TunnelRoute leads a hostname to it. Start-SshTunnel does all of that
/// at once for this machine's ssh server.</para>
/// <para>With -RemotelyManaged the account keeps the tunnel's configuration, and sends it to the connectors: see
/// Set-TunnelConfiguration. Otherwise it lies in a file beside the connector.</para>
/// <para>A tunnel of that name that is there already is given back.</para>
/// </remarks>
/// <example>
/// <para>A tunnel for another machine</para>
/// <code>
/// New-Tunnel home -RemotelyManaged
/// Set-TunnelConfiguration home -Hostname ssh.example.test -Url ssh://localhost:22
/// New-TunnelRoute ssh.example.test home
/// Get-TunnelToken home
/// </code>
/// <para>The other machine runs it with that token: tunnel-agent tunnel run, or cloudflared tunnel run.</para>
/// </example>
[Cmdlet(VerbsCommon.New, "Tunnel", SupportsShouldProcess = true)]
[OutputType(typeof(TunnelInfo))]
public sealed class NewTunnel : AccountCmdlet
{
    /// <summary>The tunnel's name, unique in the account.</summary>
    [Parameter(Mandatory = true, Position = 0, ValueFromPipeline = true, ValueFromPipelineByPropertyName = true)]
    [ValidateNotNullOrEmpty]
    public string Name { get; set; } = null!;

    /// <summary>The account keeps the configuration, and not a file beside the connector.</summary>
    [Parameter]
    public SwitchParameter RemotelyManaged { get; set; }

    protected override object? ErrorTarget => Name;

    protected override async Task ProcessItemAsync()
    {
        if (ShouldProcess(Name, $"Create a tunnel in {Connected.Name}"))
        {
            WriteObject(await new TunnelCatalog(Connected).EnsureAsync(Name, RemotelyManaged, StopToken));
        }
    }
}
