using System.Management.Automation;
using Tunnel.Core.Identity;
using Tunnel.PowerShell.Completion;
using Tunnel.PowerShell.Pipeline;

namespace Tunnel.PowerShell.Access;

/// <summary>Gets the authorities that sign short-lived SSH certificates, one for an application.</summary>
/// <remarks>
/// <para>PublicKey is the line for the file that TrustedUserCAKeys names in sshd_config. The private key never leaves the
/// control plane.</para>
/// </remarks>
/// <example>
/// <para>Let a server trust the certificates</para>
/// <code>
/// (Get-SshCertificateAuthority ssh.example.test).PublicKey | Set-Content /etc/ssh/ca.pub
/// </code>
/// <para>With "TrustedUserCAKeys /etc/ssh/ca.pub" in sshd_config, sshd accepts what the authority signs.</para>
/// </example>
[Cmdlet(VerbsCommon.Get, "SshCertificateAuthority")]
[OutputType(typeof(SshCertificateAuthority))]
public sealed class GetSshCertificateAuthority : AccountCmdlet
{
    /// <summary>Only authorities of applications with this hostname or id; wildcards work.</summary>
    [Parameter(Position = 0, ValueFromPipeline = true, ValueFromPipelineByPropertyName = true)]
    [Alias("Hostname", "Domain")]
    [SupportsWildcards]
    [ArgumentCompleter(typeof(ApplicationNameCompleter))]
    public string[]? Application { get; set; }

    protected override async Task ProcessItemAsync()
    {
        var filter = new NameFilter(Application);
        var authorities = new SshAuthorityCatalog(Connected.Api, Connected.AccountId);
        await foreach (SshCertificateAuthority authority in authorities.ListAsync(StopToken))
        {
            if (filter.Matches([authority.Application, authority.ApplicationId]))
            {
                WriteObject(authority);
            }
        }
    }
}
