using System.Management.Automation;
using Tunnel.Core.Tunnels;

namespace Tunnel.PowerShell.Tunnels;

/// <summary>Gets the configuration of a tunnel: which hostname goes where.</summary>
/// <remarks>
/// <para>The account keeps the configuration of remotely managed tunnels, with a version that counts up. Of the others it
/// shows what their connector reported, or else the file on this machine.</para>
/// </remarks>
/// <example>
/// <para>The rules of a tunnel</para>
/// <code>
/// (Get-TunnelConfiguration home).Rules
/// </code>
/// <para>Shows hostname, path and service of each rule, in their order.</para>
/// </example>
/// <example>
/// <para>Keep a copy</para>
/// <code>
/// (Get-TunnelConfiguration home).Json | Out-File home.json
/// Set-TunnelConfiguration home -Path home.json
/// </code>
/// <para>The second line gives the tunnel that configuration back.</para>
/// </example>
[Cmdlet(VerbsCommon.Get, "TunnelConfiguration")]
[OutputType(typeof(ManagedConfiguration))]
public sealed class GetTunnelConfiguration : ExistingTunnelCmdlet
{
    protected override async Task ProcessItemAsync() =>
        WriteObject(await Configurations.GetAsync(await FindTunnelAsync(), StopToken));
}
