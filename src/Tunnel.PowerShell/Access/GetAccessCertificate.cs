using System.Management.Automation;
using Tunnel.Core.Api;
using Tunnel.Core.Identity;
using Tunnel.PowerShell.Completion;
using Tunnel.PowerShell.Pipeline;

namespace Tunnel.PowerShell.Access;

/// <summary>Gets the authorities for client certificates (mutual TLS).</summary>
/// <remarks>
/// <para>Visitors of an authority's hostnames are asked for a client certificate. Policies let them in by it with the rules
/// certificate and common_name:NAME.</para>
/// </remarks>
/// <example>
/// <para>Which authorities count where?</para>
/// <code>
/// Get-AccessCertificate
/// </code>
/// <para>Shows each with its hostnames and the day on which it ends.</para>
/// </example>
[Cmdlet(VerbsCommon.Get, "AccessCertificate")]
[OutputType(typeof(AccessCertificate))]
public sealed class GetAccessCertificate : AccountCmdlet
{
    /// <summary>Only those of this name or id; wildcards work.</summary>
    [Parameter(Position = 0, ValueFromPipeline = true)]
    [SupportsWildcards]
    [ArgumentCompleter(typeof(AccessCertificateNameCompleter))]
    public string[]? Name { get; set; }

    protected override async Task ProcessItemAsync()
    {
        var filter = new NameFilter(Name);
        var certificates = new AccessCertificateCatalog(Connected.Api, Connected.AccountId);
        await foreach (AccessCertificate certificate in certificates.ListAsync(cancellationToken: StopToken))
        {
            if (filter.Matches(certificate.Name, certificate.Id))
            {
                WriteObject(certificate);
            }
        }
    }
}
