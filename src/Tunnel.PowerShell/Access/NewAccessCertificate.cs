using System.Management.Automation;
using Tunnel.Core.Api;
using Tunnel.Core.Identity;
using Tunnel.PowerShell.Completion;
using Tunnel.PowerShell.Pipeline;

namespace Tunnel.PowerShell.Access;

/// <summary>Adds an authority for client certificates: visitors of its hostnames are asked for one (mutual TLS).</summary>
/// <remarks>
/// <para>By itself it lets nobody in: a policy has to, with the rules certificate or common_name:NAME, and the decision
/// NonIdentity for machines. A certificate counts if it is valid now and for the authentication of clients, and its chain
/// ends at an authority of that very hostname.</para>
/// <para>The authority is a root certificate, PEM, without its key. One of the same name with the same certificate and
/// hostnames is given back as it is.</para>
/// </remarks>
/// <example>
/// <para>Let a laptop in by its certificate</para>
/// <code>
/// New-AccessCertificate devices -Path ./devices-ca.pem -Hostname ssh.example.test
/// New-AccessPolicy ssh.example.test -Name laptop -Decision NonIdentity -Include common_name:laptop
/// </code>
/// <para>Whoever shows a certificate of that authority with the common name laptop gets in with no sign-in.</para>
/// </example>
/// <example>
/// <para>People who have to have one as well</para>
/// <code>
/// New-AccessPolicy ssh.example.test -Name staff -Decision Allow -Include '@example.com' -Require certificate
/// </code>
/// <para>They sign in, and their browser shows a certificate of the authority.</para>
/// </example>
[Cmdlet(VerbsCommon.New, "AccessCertificate", SupportsShouldProcess = true)]
[OutputType(typeof(AccessCertificate))]
public sealed class NewAccessCertificate : AccountCmdlet
{
    /// <summary>The authority's name.</summary>
    [Parameter(Mandatory = true, Position = 0, ValueFromPipelineByPropertyName = true)]
    [ValidateNotNullOrEmpty]
    public string Name { get; set; } = null!;

    /// <summary>The file with the authority's certificate, PEM.</summary>
    [Parameter(Mandatory = true, Position = 1, ValueFromPipelineByPropertyName = true)]
    [Alias("FullName", "PSPath")]
    [ValidateNotNullOrEmpty]
    public string Path { get; set; } = null!;

    /// <summary>Where its certificates are asked for and count. Default: nowhere yet.</summary>
    [Parameter(Position = 2, ValueFromPipelineByPropertyName = true)]
    [Alias("AssociatedHostnames")]
    [ArgumentCompleter(typeof(ApplicationNameCompleter))]
    public string[] Hostname { get; set; } = [];

    protected override object? ErrorTarget => Name;

    protected override async Task ProcessItemAsync()
    {
        string file = GetUnresolvedProviderPathFromPSPath(Path);
        if (ShouldProcess(Name, Hostname.Length == 0
            ? "Add the authority for client certificates"
            : $"Ask visitors of {string.Join(", ", Hostname)} for client certificates of the authority"))
        {
            WriteObject(await new AccessCertificateCatalog(Connected.Api, Connected.AccountId).EnsureAsync(
                new AccessCertificate
                {
                    Name = Name,
                    Certificate = await File.ReadAllTextAsync(file, StopToken),
                    AssociatedHostnames = Hostname,
                },
                StopToken));
        }
    }
}
