using System.Management.Automation;
using Tunnel.Core.Applications;
using Tunnel.PowerShell.Completion;

namespace Tunnel.PowerShell.Access;

/// <summary>A cmdlet on one policy that is there: as an application holds it, or a reusable one by itself.</summary>
public abstract class ExistingPolicyCmdlet : PolicyCmdlet
{
    /// <summary>The hostname, name or id of the application.</summary>
    [Parameter(ParameterSetName = OfApplication, Mandatory = true, Position = 0, ValueFromPipelineByPropertyName = true)]
    [Alias("ApplicationId")]
    [ValidateNotNullOrEmpty]
    [ArgumentCompleter(typeof(ApplicationNameCompleter))]
    public string? Application { get; set; }

    /// <summary>The name or id of the policy, as the application holds it.</summary>
    [Parameter(ParameterSetName = OfApplication, Mandatory = true, Position = 1, ValueFromPipelineByPropertyName = true)]
    [Alias("Id", "Name")]
    [ValidateNotNullOrEmpty]
    [ArgumentCompleter(typeof(PolicyNameCompleter))]
    public string? Policy { get; set; }

    // A parameter of its own: if both sets had one, PowerShell would take an application's policy for a reusable one.
    /// <summary>The name or id of a reusable policy, for all applications that hold it.</summary>
    [Parameter(ParameterSetName = Reusable, Mandatory = true, ValueFromPipelineByPropertyName = true)]
    [Alias("ReusablePolicyId")]
    [ValidateNotNullOrEmpty]
    [ArgumentCompleter(typeof(ReusablePolicyNameCompleter))]
    public string? ReusablePolicy { get; set; }

    protected override object? ErrorTarget => Policy ?? ReusablePolicy;

    private protected bool IsOfApplication => ParameterSetName == OfApplication;

    private protected async Task<ApplicationPolicy> FindPolicyAsync() =>
        await Policies.GetAsync(await FindApplicationIdAsync(Application!), Policy!, StopToken);

    private protected Task<Core.Applications.ReusablePolicy> FindReusablePolicyAsync() => ReusablePolicies.GetAsync(ReusablePolicy!, StopToken);
}
