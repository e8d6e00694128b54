using System.Management.Automation;
using Tunnel.Core.Applications;
using Tunnel.PowerShell.Completion;
using Tunnel.PowerShell.Pipeline;

namespace Tunnel.PowerShell.Access;

/// <summary>A cmdlet on one policy that is there.</summary>
public abstract class ExistingPolicyCmdlet : AccountCmdlet
{
    /// <summary>The hostname, name or id of the application.</summary>
    [Parameter(Mandatory = true, Position = 0, ValueFromPipelineByPropertyName = true)]
    [Alias("ApplicationId")]
    [ValidateNotNullOrEmpty]
    [ArgumentCompleter(typeof(ApplicationNameCompleter))]
    public string Application { get; set; } = null!;

    /// <summary>The name or id of the policy.</summary>
    [Parameter(Mandatory = true, Position = 1, ValueFromPipelineByPropertyName = true)]
    [Alias("Id")]
    [ValidateNotNullOrEmpty]
    [ArgumentCompleter(typeof(PolicyNameCompleter))]
    public string Policy { get; set; } = null!;

    protected override object? ErrorTarget => Policy;

    private protected PolicyCatalog Policies => new(Connected.Api, Connected.AccountId);

    private protected async Task<ApplicationPolicy> FindPolicyAsync()
    {
        var applications = new ApplicationCatalog(Connected.Api, Connected.AccountId);
        return await Policies.GetAsync((await applications.GetAsync(Application, StopToken)).Id, Policy, StopToken);
    }
}
