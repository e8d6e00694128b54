using System.Management.Automation;
using Tunnel.Core.Api;
using Tunnel.Core.Identity;
using Tunnel.PowerShell.Completion;
using Tunnel.PowerShell.Pipeline;

namespace Tunnel.PowerShell.Access;

/// <summary>Removes an authority for client certificates.</summary>
/// <remarks>
/// <para>Its certificates count no more from the next request on, and streams that they opened end.</para>
/// </remarks>
/// <example>
/// <para>Remove one</para>
/// <code>
/// Remove-AccessCertificate devices
/// </code>
/// <para>Asks before it does; -Confirm:$false does not.</para>
/// </example>
[Cmdlet(VerbsCommon.Remove, "AccessCertificate", SupportsShouldProcess = true, ConfirmImpact = ConfirmImpact.High)]
public sealed class RemoveAccessCertificate : AccountCmdlet
{
    /// <summary>The name or id of the authority.</summary>
    [Parameter(Mandatory = true, Position = 0, ValueFromPipeline = true, ValueFromPipelineByPropertyName = true)]
    [Alias("Id", "Name")]
    [ValidateNotNullOrEmpty]
    [ArgumentCompleter(typeof(AccessCertificateNameCompleter))]
    public string Certificate { get; set; } = null!;

    protected override object? ErrorTarget => Certificate;

    protected override async Task ProcessItemAsync()
    {
        var certificates = new AccessCertificateCatalog(Connected.Api, Connected.AccountId);
        AccessCertificate present = await certificates.GetAsync(Certificate, StopToken);
        if (ShouldProcess(present.Name, $"Remove the authority for client certificates of {string.Join(", ", present.AssociatedHostnames)}"))
        {
            await certificates.RemoveAsync(present, StopToken);
        }
    }
}
