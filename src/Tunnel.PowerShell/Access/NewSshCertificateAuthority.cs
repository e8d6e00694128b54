using System.Management.Automation;
using Tunnel.Core.Api;
using Tunnel.Core.Applications;
using Tunnel.Core.Identity;
using Tunnel.PowerShell.Completion;
using Tunnel.PowerShell.Pipeline;

namespace Tunnel.PowerShell.Access;

/// <summary>Makes the key that signs short-lived SSH certificates for an application.</summary>
/// <remarks>
/// <para>An application has at most one; the one that is there already is given back. Servers let nobody in by it until
/// they name its public key in TrustedUserCAKeys.</para>
/// </remarks>
/// <example>
/// <para>Certificates instead of keys on every machine</para>
/// <code>
/// New-SshCertificateAuthority ssh.example.test
/// </code>
/// <para>Shows the public key for the servers.</para>
/// </example>
[Cmdlet(VerbsCommon.New, "SshCertificateAuthority", SupportsShouldProcess = true)]
[OutputType(typeof(SshCertificateAuthority))]
public sealed class NewSshCertificateAuthority : AccountCmdlet
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
        if (ShouldProcess(application.Domain ?? application.Id, "Make an authority for short-lived SSH certificates"))
        {
            WriteObject(await new SshAuthorityCatalog(Connected.Api, Connected.AccountId).EnsureAsync(application, StopToken));
        }
    }
}
