using System.Management.Automation;
using Tunnel.Core.Api;
using Tunnel.Core.Applications;
using Tunnel.Core.Identity;
using Tunnel.PowerShell.Completion;
using Tunnel.PowerShell.Pipeline;

namespace Tunnel.PowerShell.Access;

/// <summary>Removes an application's authority for SSH certificates, for good: its key cannot be had back.</summary>
/// <remarks>
/// <para>Nobody gets a new certificate from it, and people who log in by certificate only are locked out as soon as
/// theirs ends. Servers go on trusting certificates that were signed before until their public key is taken out of
/// TrustedUserCAKeys. A new authority has another key.</para>
/// </remarks>
/// <example>
/// <para>No certificates any more</para>
/// <code>
/// Remove-SshCertificateAuthority ssh.example.test
/// </code>
/// <para>Asks before it does; -Confirm:$false does not.</para>
/// </example>
[Cmdlet(VerbsCommon.Remove, "SshCertificateAuthority", SupportsShouldProcess = true, ConfirmImpact = ConfirmImpact.High)]
public sealed class RemoveSshCertificateAuthority : AccountCmdlet
{
    /// <summary>The hostname, name or id of the application.</summary>
    [Parameter(Mandatory = true, Position = 0, ValueFromPipeline = true, ValueFromPipelineByPropertyName = true)]
    [Alias("Hostname", "Domain")]
    [ValidateNotNullOrEmpty]
    [ArgumentCompleter(typeof(ApplicationNameCompleter))]
    public string Application { get; set; } = null!;

    protected override object? ErrorTarget => Application;

    protected override async Task ProcessItemAsync()
    {
        AccessApplication application = await new ApplicationCatalog(Connected.Api, Connected.AccountId).GetAsync(Application, StopToken);
        var authorities = new SshAuthorityCatalog(Connected.Api, Connected.AccountId);
        SshCertificateAuthority authority = await authorities.GetAsync(application, StopToken);
        if (ShouldProcess(authority.Application, "Remove the authority for SSH certificates: who logs in by certificate only is locked out"))
        {
            await authorities.RemoveAsync(application.Id, StopToken);
        }
    }
}
