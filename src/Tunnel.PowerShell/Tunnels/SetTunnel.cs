using System.Management.Automation;
using Tunnel.Core.Api;

namespace Tunnel.PowerShell.Tunnels;

/// <summary>Gives a tunnel another name, or another secret.</summary>
/// <remarks>
/// <para>A new name is given without a question, unless -Confirm or $ConfirmPreference want one; a new secret asks.</para>
/// <para>A new secret makes every token and every credentials file of before useless: connectors that run with them are
/// refused when they dial the next time. Connections that are open stay; Clear-TunnelConnection ends them.</para>
/// </remarks>
/// <example>
/// <para>Rename</para>
/// <code>
/// Set-Tunnel home -NewName office
/// </code>
/// <para>Routes, connectors and the token stay as they are.</para>
/// </example>
/// <example>
/// <para>A token got into the wrong hands</para>
/// <code>
/// Set-Tunnel home -ResetSecret
/// Clear-TunnelConnection home
/// Get-TunnelToken home
/// </code>
/// <para>Cuts off whoever runs the tunnel with the old token; the last line gives the new one.</para>
/// </example>
[Cmdlet(VerbsCommon.Set, "Tunnel", SupportsShouldProcess = true, ConfirmImpact = ConfirmImpact.High)]
[OutputType(typeof(TunnelInfo))]
public sealed class SetTunnel : ExistingTunnelCmdlet
{
    /// <summary>The name that the tunnel gets, unique in the account.</summary>
    [Parameter(Position = 1)]
    [ValidateNotNullOrEmpty]
    public string? NewName { get; set; }

    /// <summary>Makes a new secret: tokens and credentials of before are refused from now on.</summary>
    [Parameter]
    public SwitchParameter ResetSecret { get; set; }

    protected override async Task ProcessItemAsync()
    {
        TunnelInfo tunnel = await FindTunnelAsync();
        if (NewName is { } name && ShouldProcess(tunnel.ToString(), $"Rename the tunnel to '{name}'", ConfirmImpact.Medium))
        {
            tunnel = await Tunnels.RenameAsync(tunnel, name, StopToken);
        }

        if (ResetSecret && ShouldProcess(
            tunnel.ToString(), "Make a new secret: connectors with the token or the credentials of before are refused"))
        {
            tunnel = await Session.TunnelsOf(Connected).ResetSecretAsync(tunnel, StopToken);
        }

        WriteObject(tunnel);
    }
}
