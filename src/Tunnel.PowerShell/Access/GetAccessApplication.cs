using System.Management.Automation;
using Tunnel.Core.Api;
using Tunnel.Core.Applications;
using Tunnel.PowerShell.Completion;
using Tunnel.PowerShell.Pipeline;

namespace Tunnel.PowerShell.Access;

/// <summary>Gets the Access applications of the account.</summary>
/// <remarks>
/// <para>Each application guards a hostname. Its policies come from Get-AccessPolicy.</para>
/// </remarks>
/// <example>
/// <para>What is locked?</para>
/// <code>
/// Get-AccessApplication
/// </code>
/// <para>Shows every application with its hostname.</para>
/// </example>
/// <example>
/// <para>Who gets into one of them?</para>
/// <code>
/// Get-AccessApplication ssh.example.test | Get-AccessPolicy
/// </code>
/// <para>Shows the policies of the hostname's application, in the order in which they are asked.</para>
/// </example>
[Cmdlet(VerbsCommon.Get, "AccessApplication")]
[OutputType(typeof(AccessApplication))]
public sealed class GetAccessApplication : AccountCmdlet
{
    /// <summary>Only applications with this hostname, name or id; wildcards work.</summary>
    [Parameter(Position = 0, ValueFromPipeline = true, ValueFromPipelineByPropertyName = true)]
    [Alias("Hostname", "Domain", "Name")]
    [SupportsWildcards]
    [ArgumentCompleter(typeof(ApplicationNameCompleter))]
    public string[]? Application { get; set; }

    protected override async Task ProcessItemAsync()
    {
        var filter = new NameFilter(Application);
        var applications = new ApplicationCatalog(Connected.Api, Connected.AccountId);
        await foreach (AccessApplication application in applications.ListAsync(cancellationToken: StopToken))
        {
            if (filter.Matches([application.Domain, application.Name, application.Id]))
            {
                WriteObject(application);
            }
        }
    }
}
