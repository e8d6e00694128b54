using System.Management.Automation;
using Tunnel.Core.Api;
using Tunnel.Core.Tunnels;
using Tunnel.PowerShell.Completion;

namespace Tunnel.PowerShell.Access;

/// <summary>Changes an Access application: only what is given changes.</summary>
/// <remarks>
/// <para>The change holds for the next visitor who comes. What this module does not know of an application stays as it
/// is.</para>
/// <para>-Policy names the reusable policies that the application holds from now on, in their order; policies of its own
/// stay, and are asked before them. To add or take out a single one, use New-AccessPolicy -ReusablePolicy and
/// Remove-AccessPolicy.</para>
/// </remarks>
/// <example>
/// <para>Sign in once a day</para>
/// <code>
/// Set-AccessApplication ssh.example.test -SessionDuration 24h
/// </code>
/// <para>Sessions that are open end when they would have ended.</para>
/// </example>
/// <example>
/// <para>The same policies for all</para>
/// <code>
/// Get-AccessApplication *.example.test | Set-AccessApplication -Policy staff, machines
/// </code>
/// <para>Each of them holds these two reusable policies and no other reusable one.</para>
/// </example>
[Cmdlet(VerbsCommon.Set, "AccessApplication", SupportsShouldProcess = true, ConfirmImpact = ConfirmImpact.High)]
[OutputType(typeof(AccessApplication))]
public sealed class SetAccessApplication : ApplicationSettingsCmdlet
{
    /// <summary>The hostname, name or id of the application.</summary>
    [Parameter(Mandatory = true, Position = 0, ValueFromPipeline = true, ValueFromPipelineByPropertyName = true)]
    [Alias("Id", "Domain")]
    [ValidateNotNullOrEmpty]
    [ArgumentCompleter(typeof(ApplicationNameCompleter))]
    public string Application { get; set; } = null!;

    /// <summary>A new name.</summary>
    [Parameter]
    [ValidateNotNullOrEmpty]
    public string? NewName { get; set; }

    /// <summary>The hostname, with an optional path, to guard instead of the first one. The old one is no longer guarded.</summary>
    [Parameter]
    [ValidateNotNullOrEmpty]
    public string? NewHostname { get; set; }

    protected override object? ErrorTarget => Application;

    protected override async Task ProcessItemAsync()
    {
        AccessApplication application = await Applications.GetAsync(Application, StopToken);
        string what = string.Join(", ", MyInvocation.BoundParameters.Keys
            .Where(name => name is not (nameof(Application) or nameof(Account))
                && !PSCmdlet.CommonParameters.Contains(name) && !PSCmdlet.OptionalCommonParameters.Contains(name)));
        IReadOnlyList<string> open = NewHostname is null
            ? []
            : await ApplicationExposure.FindAsync(Connected, application, NewHostname, StopToken);
        string warning = open.Count == 0 ? "" : $"; open to everybody from then on: {string.Join(", ", open)}";
        if (ShouldProcess(application.Domain ?? application.Id, $"Change the Access application ({what}){warning}"))
        {
            WriteObject(await Applications.UpdateAsync(
                application.Id, Settings with { Name = NewName, Domain = NewHostname }, StopToken));
        }
    }
}
