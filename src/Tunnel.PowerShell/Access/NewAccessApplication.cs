using System.Management.Automation;
using Tunnel.Core.Api;

namespace Tunnel.PowerShell.Access;

/// <summary>Locks a hostname: from now on only visitors whom a policy lets in get through.</summary>
/// <remarks>
/// <para>An Access application guards a hostname before a byte reaches its tunnel. As long as it has no policy, nobody
/// gets in: so lock the hostname first, start the tunnel then.</para>
/// <para>An application that the hostname has already is given back, if its settings are those that were asked for.</para>
/// </remarks>
/// <example>
/// <para>Lock, then say who gets in</para>
/// <code>
/// New-AccessApplication ssh.example.test
/// New-AccessPolicy ssh.example.test -Name staff -Decision Allow -Include '@example.com'
/// </code>
/// <para>Everybody with a verified address at example.com gets in, nobody else.</para>
/// </example>
/// <example>
/// <para>Lock by policies that are there</para>
/// <code>
/// New-AccessPolicy -Name staff -Decision Allow -Include '@example.com'
/// New-AccessApplication ssh.example.test -Policy staff -SessionDuration 8h
/// </code>
/// <para>The application holds a reusable policy from the start; a sign-in holds for a working day.</para>
/// </example>
[Cmdlet(VerbsCommon.New, "AccessApplication", SupportsShouldProcess = true)]
[OutputType(typeof(AccessApplication))]
public sealed class NewAccessApplication : ApplicationSettingsCmdlet
{
    /// <summary>The hostname to guard, with an optional path: ssh.example.com, *.example.com, example.com/admin.</summary>
    [Parameter(Mandatory = true, Position = 0, ValueFromPipeline = true, ValueFromPipelineByPropertyName = true)]
    [Alias("Domain")]
    [ValidateNotNullOrEmpty]
    public string Hostname { get; set; } = null!;

    /// <summary>What people see at the sign-in page. Default: the hostname.</summary>
    [Parameter(Position = 1)]
    [ValidateNotNullOrEmpty]
    public string? Name { get; set; }

    protected override object? ErrorTarget => Hostname;

    protected override async Task ProcessItemAsync()
    {
        if (ShouldProcess(Hostname, "Let in only visitors whom an Access policy allows"))
        {
            WriteObject(await Applications.EnsureAsync(
                Hostname, Settings with { Name = Name, Type = Type ?? "self_hosted" }, StopToken));
        }
    }
}
