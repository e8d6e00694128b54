using System.Management.Automation;
using Tunnel.Core.Api;
using Tunnel.Core.Identity;
using Tunnel.PowerShell.Completion;
using Tunnel.PowerShell.Pipeline;

namespace Tunnel.PowerShell.Access;

/// <summary>Changes the name or the hostnames of an authority for client certificates.</summary>
/// <remarks>
/// <para>Hostnames replace those that it has; give all that should hold. At a hostname that is taken away its certificates
/// count no more from the next request on, and streams that they opened end.</para>
/// </remarks>
/// <example>
/// <para>Another hostname</para>
/// <code>
/// Set-AccessCertificate devices -Hostname ssh.example.test, git.example.test
/// </code>
/// <para>Asks before it does; -Confirm:$false does not.</para>
/// </example>
[Cmdlet(VerbsCommon.Set, "AccessCertificate", SupportsShouldProcess = true, ConfirmImpact = ConfirmImpact.High)]
[OutputType(typeof(AccessCertificate))]
public sealed class SetAccessCertificate : AccountCmdlet
{
    /// <summary>The name or id of the authority.</summary>
    [Parameter(Mandatory = true, Position = 0, ValueFromPipeline = true, ValueFromPipelineByPropertyName = true)]
    [Alias("Id", "Name")]
    [ValidateNotNullOrEmpty]
    [ArgumentCompleter(typeof(AccessCertificateNameCompleter))]
    public string Certificate { get; set; } = null!;

    /// <summary>A new name.</summary>
    [Parameter]
    [ValidateNotNullOrEmpty]
    public string? NewName { get; set; }

    /// <summary>Where its certificates are asked for and count; none for nowhere.</summary>
    [Parameter]
    [AllowEmptyCollection]
    [ArgumentCompleter(typeof(ApplicationNameCompleter))]
    public string[]? Hostname { get; set; }

    protected override object? ErrorTarget => Certificate;

    protected override async Task ProcessItemAsync()
    {
        var certificates = new AccessCertificateCatalog(Connected.Api, Connected.AccountId);
        AccessCertificate present = await certificates.GetAsync(Certificate, StopToken);
        AccessCertificate changed = present with
        {
            Name = NewName ?? present.Name,
            AssociatedHostnames = Hostname ?? present.AssociatedHostnames,
        };
        if (ShouldProcess(present.Name, $"Change the authority for client certificates to: {changed.Name}, at {string.Join(", ", changed.AssociatedHostnames)}"))
        {
            WriteObject(await certificates.UpdateAsync(changed, StopToken));
        }
    }
}
