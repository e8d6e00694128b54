using System.Management.Automation;
using Tunnel.Core.Applications;
using Tunnel.PowerShell.Completion;
using Tunnel.PowerShell.Pipeline;

namespace Tunnel.PowerShell.Access;

/// <summary>Gets the policies of an Access application.</summary>
/// <remarks>
/// <para>Policies say who gets in. An application without policies lets in nobody.</para>
/// </remarks>
/// <example>
/// <para>Who gets in?</para>
/// <code>
/// Get-AccessPolicy ssh.example.test
/// </code>
/// <para>Shows the policies of the hostname's application.</para>
/// </example>
[Cmdlet(VerbsCommon.Get, "AccessPolicy")]
[OutputType(typeof(ApplicationPolicy))]
public sealed class GetAccessPolicy : PolicyCmdlet
{
    /// <summary>Only policies of this name or id; wildcards work.</summary>
    [Parameter(Position = 1)]
    [SupportsWildcards]
    [ArgumentCompleter(typeof(PolicyNameCompleter))]
    public string[]? Name { get; set; }

    protected override object? ErrorTarget => Application;

    protected override async Task ProcessItemAsync()
    {
        var filter = new NameFilter(Name);
        string applicationId = await FindApplicationIdAsync();
        await foreach (ApplicationPolicy policy in Policies.ListAsync(applicationId, cancellationToken: StopToken))
        {
            if (filter.Matches(policy.Name, policy.Id))
            {
                WriteObject(policy);
            }
        }
    }
}
