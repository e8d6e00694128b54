using System.Management.Automation;
using Tunnel.Core.Ssh.Server;
using Tunnel.PowerShell.Pipeline;

namespace Tunnel.PowerShell.SshHost;

/// <summary>Takes back what Enable-SshCertificateAuthority did to this machine's SSH server.</summary>
/// <remarks>
/// <para>sshd trusts the authority no longer, or with no -PublicKey none of those that were set up here; with the last one
/// every file and line of ours goes. Sessions that are open stay. Who has no other way in is locked out: keep a session
/// open, and log in once more before closing it. Run it on the server, as root.</para>
/// </remarks>
/// <example>
/// <para>No certificates any more</para>
/// <code>
/// Disable-SshCertificateAuthority
/// </code>
/// <para>Asks before it does; -Confirm:$false does not.</para>
/// </example>
/// <example>
/// <para>One authority of several</para>
/// <code>
/// Get-SshCertificateAuthority old.example.test | Disable-SshCertificateAuthority
/// </code>
/// <para>The others stay.</para>
/// </example>
[Cmdlet(VerbsLifecycle.Disable, "SshCertificateAuthority", SupportsShouldProcess = true, ConfirmImpact = ConfirmImpact.High)]
[OutputType(typeof(SshdCertificateSettings))]
public sealed class DisableSshCertificateAuthority : EngineCmdlet
{
    /// <summary>The authority's public key, one line. Default: all authorities that were set up here.</summary>
    [Parameter(ValueFromPipelineByPropertyName = true)]
    [ValidateNotNullOrEmpty]
    public string? PublicKey { get; set; }

    /// <summary>sshd's configuration. Default: the system's.</summary>
    [Parameter]
    [ValidateNotNullOrEmpty]
    public string? ConfigFile { get; set; }

    protected override object? ErrorTarget => ConfigFile;

    protected override async Task ProcessItemAsync()
    {
        var sshd = new SshdCertificates(SshdOptions.For(ConfigFile is null ? null : GetUnresolvedProviderPathFromPSPath(ConfigFile)));
        SshdPlan plan = await sshd.PlanDisableAsync(PublicKey, StopToken);
        if (plan.IsEmpty || ShouldProcess(plan.Describe(), plan.Describe() + Environment.NewLine + "Go on?", "Let no certificates in"))
        {
            WriteObject(await sshd.ApplyAsync(plan, StopToken));
        }
    }
}
