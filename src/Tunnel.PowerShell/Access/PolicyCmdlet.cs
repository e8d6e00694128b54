using System.Management.Automation;
using Tunnel.Core.Applications;
using Tunnel.PowerShell.Completion;
using Tunnel.PowerShell.Pipeline;

namespace Tunnel.PowerShell.Access;

/// <summary>A cmdlet on the policies of one application.</summary>
public abstract class PolicyCmdlet : AccountCmdlet
{
    /// <summary>The hostname, name or id of the application.</summary>
    [Parameter(Mandatory = true, Position = 0, ValueFromPipelineByPropertyName = true)]
    [Alias("ApplicationId", "Id", "Domain")]
    [ValidateNotNullOrEmpty]
    [ArgumentCompleter(typeof(ApplicationNameCompleter))]
    public string Application { get; set; } = null!;

    private protected PolicyCatalog Policies => new(Connected.Api, Connected.AccountId);

    private protected async Task<string> FindApplicationIdAsync() =>
        (await new ApplicationCatalog(Connected.Api, Connected.AccountId).GetAsync(Application, StopToken)).Id;
}
