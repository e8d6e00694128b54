using System.Management.Automation;
using Tunnel.Core.Applications;
using Tunnel.PowerShell.Completion;
using Tunnel.PowerShell.Pipeline;

namespace Tunnel.PowerShell.Access;

/// <summary>Gets the policies of an Access application, or the reusable policies of the account.</summary>
/// <remarks>
/// <para>Policies say who gets in. An application without policies lets in nobody. With -Application come the policies
/// that it holds, its own and reusable ones, by precedence; without it the account's reusable policies, whether an
/// application holds them or not.</para>
/// </remarks>
/// <example>
/// <para>Who gets in?</para>
/// <code>
/// Get-AccessPolicy ssh.example.test
/// </code>
/// <para>Shows the policies of the hostname's application.</para>
/// </example>
/// <example>
/// <para>Which policies could it hold?</para>
/// <code>
/// Get-AccessPolicy
/// </code>
/// <para>Shows the reusable policies, and how many applications hold each.</para>
/// </example>
[Cmdlet(VerbsCommon.Get, "AccessPolicy", DefaultParameterSetName = Reusable)]
[OutputType(typeof(ApplicationPolicy), ParameterSetName = [OfApplication])]
[OutputType(typeof(ReusablePolicy), ParameterSetName = [Reusable])]
public sealed class GetAccessPolicy : PolicyCmdlet
{
    /// <summary>The hostname, name or id of the application. Without it: reusable policies.</summary>
    [Parameter(ParameterSetName = OfApplication, Mandatory = true, Position = 0, ValueFromPipelineByPropertyName = true)]
    [Alias("ApplicationId", "Id", "Domain")]
    [ValidateNotNullOrEmpty]
    [ArgumentCompleter(typeof(ApplicationNameCompleter))]
    public string? Application { get; set; }

    /// <summary>Only policies of this name or id; wildcards work.</summary>
    [Parameter(ParameterSetName = OfApplication, Position = 1)]
    [Parameter(ParameterSetName = Reusable)]
    [SupportsWildcards]
    [ArgumentCompleter(typeof(PolicyNameCompleter))]
    public string[]? Name { get; set; }

    protected override object? ErrorTarget => Application;

    protected override async Task ProcessItemAsync()
    {
        if (ParameterSetName == OfApplication)
        {
            await WriteAsync(Policies.ListAsync(await FindApplicationIdAsync(Application!), cancellationToken: StopToken));
        }
        else
        {
            await WriteAsync(ReusablePolicies.ListAsync(cancellationToken: StopToken));
        }
    }

    private async Task WriteAsync(IAsyncEnumerable<PolicyDefinition> policies)
    {
        var filter = new NameFilter(Name);
        await foreach (PolicyDefinition policy in policies)
        {
            if (filter.Matches(policy.Name, policy.Id))
            {
                WriteObject(policy);
            }
        }
    }
}
