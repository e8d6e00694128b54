using System.Management.Automation;
using System.Net;
using System.Security;

namespace Tunnel.PowerShell.Tunnels;

/// <summary>Gets the token with which a connector runs a tunnel. A secret.</summary>
/// <remarks>
/// <para>Whoever has the token can run the tunnel and sees what visitors send to it. It comes as a SecureString;
/// -AsPlainText gives it as text, which then stands in what you do with it: pipe it where it is needed, rather than show
/// it. Set-Tunnel -ResetSecret makes it useless.</para>
/// </remarks>
/// <example>
/// <para>Run the tunnel on another machine</para>
/// <code>
/// Get-TunnelToken home -AsPlainText | ssh admin@server 'umask 077; cat > tunnel.token'
/// </code>
/// <para>There, tunnel-agent tunnel run --token-file tunnel.token runs it, and so does cloudflared.</para>
/// </example>
[Cmdlet(VerbsCommon.Get, "TunnelToken")]
[OutputType(typeof(SecureString), typeof(string))]
public sealed class GetTunnelToken : ExistingTunnelCmdlet
{
    /// <summary>Gives the token as text instead of as a SecureString.</summary>
    [Parameter]
    public SwitchParameter AsPlainText { get; set; }

    protected override async Task ProcessItemAsync()
    {
        string token = await Tunnels.GetTokenAsync(await FindTunnelAsync(), StopToken);
        WriteObject(AsPlainText ? token : new NetworkCredential(string.Empty, token).SecurePassword);
    }
}
