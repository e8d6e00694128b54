using Tunnel.Core.Applications;
using Tunnel.PowerShell.Pipeline;

namespace Tunnel.PowerShell.Access;

/// <summary>A cmdlet on the policies of an application, or on reusable ones.</summary>
public abstract class PolicyCmdlet : AccountCmdlet
{
    private protected const string OfApplication = "Application";
    private protected const string Reusable = "Reusable";

    private protected PolicyCatalog Policies => new(Connected.Api, Connected.AccountId);

    private protected ReusablePolicyCatalog ReusablePolicies => new(Connected.Api, Connected.AccountId);

    private protected async Task<string> FindApplicationIdAsync(string application) =>
        (await new ApplicationCatalog(Connected.Api, Connected.AccountId).GetAsync(application, StopToken)).Id;
}
