using System.Management.Automation;
using Tunnel.Core.Api;
using Tunnel.Core.Applications;
using Tunnel.Core.Tunnels;
using Tunnel.PowerShell.Completion;
using Tunnel.PowerShell.Pipeline;

namespace Tunnel.PowerShell.Access;

/// <summary>Removes an Access application with its policies: its hostname is no longer guarded.</summary>
/// <remarks>
/// <para>If a tunnel still serves the hostname, everybody reaches what is behind it as soon as the application is gone.
/// Stop and remove the tunnel first. The question before the removal, and -WhatIf, name the hostnames that are open then.</para>
/// </remarks>
/// <example>
/// <para>Take everything of a hostname away</para>
/// <code>
/// Remove-SshTunnel ssh.example.test
/// Remove-AccessApplication ssh.example.test
/// </code>
/// <para>The tunnel goes first, so that nobody gets through in between.</para>
/// </example>
[Cmdlet(VerbsCommon.Remove, "AccessApplication", SupportsShouldProcess = true, ConfirmImpact = ConfirmImpact.High)]
public sealed class RemoveAccessApplication : AccountCmdlet
{
    /// <summary>The hostname, name or id of the application.</summary>
    [Parameter(Mandatory = true, Position = 0, ValueFromPipeline = true, ValueFromPipelineByPropertyName = true)]
    [Alias("Id", "Domain")]
    [ValidateNotNullOrEmpty]
    [ArgumentCompleter(typeof(ApplicationNameCompleter))]
    public string Application { get; set; } = null!;

    protected override object? ErrorTarget => Application;

    protected override async Task ProcessItemAsync()
    {
        var applications = new ApplicationCatalog(Connected.Api, Connected.AccountId);
        AccessApplication application = await applications.GetAsync(Application, StopToken);
        IReadOnlyList<string> open = await ApplicationExposure.FindAsync(Connected, application, null, StopToken);
        string warning = open.Count == 0 ? "" : $"; open to everybody from then on: {string.Join(", ", open)}";
        if (ShouldProcess(application.Domain ?? application.Id, $"Remove the Access application and its policies{warning}"))
        {
            await applications.RemoveAsync(application.Id, StopToken);
        }
    }
}
