using System.Management.Automation;
using Tunnel.PowerShell.Completion;
using Tunnel.PowerShell.Pipeline;
using Tunnel.PowerShell.Tunnels;

namespace Tunnel.PowerShell.SshTunnel;

/// <summary>Gets the tunnels of the account.</summary>
/// <remarks>
/// <para>Tunnels that this session runs come first, with the live state of their connector. The others show what the
/// account says of them.</para>
/// </remarks>
/// <example>
/// <para>All tunnels</para>
/// <code>
/// Get-SshTunnel
/// </code>
/// <para>Shows each tunnel with its hostname and state.</para>
/// </example>
/// <example>
/// <para>The connections of one</para>
/// <code>
/// (Get-SshTunnel ssh.example.test).Connections
/// </code>
/// <para>Shows where each connection of this session's connector ends.</para>
/// </example>
[Cmdlet(VerbsCommon.Get, "SshTunnel")]
[OutputType(typeof(Core.Tunnels.SshTunnel))]
public sealed class GetSshTunnel : AccountCmdlet
{
    /// <summary>Only tunnels of this name, hostname or id; wildcards work.</summary>
    [Parameter(Position = 0, ValueFromPipeline = true)]
    [SupportsWildcards]
    [TunnelTransformation]
    [ArgumentCompleter(typeof(SshTunnelNameCompleter))]
    public string[]? Name { get; set; }

    protected override async Task ProcessItemAsync()
    {
        var filter = new NameFilter(Name);
        await foreach (Core.Tunnels.SshTunnel tunnel in Session.ListTunnelsAsync(Connected, StopToken))
        {
            if (filter.Matches([tunnel.Name, tunnel.Hostname, tunnel.Id.ToString()]))
            {
                WriteObject(tunnel);
            }
        }
    }
}
