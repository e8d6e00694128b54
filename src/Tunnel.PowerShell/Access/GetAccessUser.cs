using System.Management.Automation;
using Tunnel.Core.Api;
using Tunnel.Core.Users;
using Tunnel.PowerShell.Completion;
using Tunnel.PowerShell.Pipeline;

namespace Tunnel.PowerShell.Access;

/// <summary>Gets the people who have signed in to the account's Access applications.</summary>
/// <remarks>
/// <para>A person is there from the first sign-in on. What they have open now is shown by Get-AccessSession.</para>
/// </remarks>
/// <example>
/// <para>Who has not signed in for a month?</para>
/// <code>
/// Get-AccessUser | Where-Object LastSuccessfulLogin -lt ([DateTimeOffset]::Now.AddDays(-30))
/// </code>
/// <para>Shows people who may not need their access any more.</para>
/// </example>
[Cmdlet(VerbsCommon.Get, "AccessUser")]
[OutputType(typeof(AccessUser))]
public sealed class GetAccessUser : AccountCmdlet
{
    /// <summary>Only people of this mail address, name or id; wildcards work.</summary>
    [Parameter(Position = 0, ValueFromPipeline = true)]
    [Alias("Email", "Name")]
    [SupportsWildcards]
    [ArgumentCompleter(typeof(UserEmailCompleter))]
    public string[]? User { get; set; }

    protected override async Task ProcessItemAsync()
    {
        var filter = new NameFilter(User);
        await foreach (AccessUser user in new UserCatalog(Connected.Api, Connected.AccountId).ListAsync(cancellationToken: StopToken))
        {
            if (filter.Matches([user.Email, user.Name, user.Id]))
            {
                WriteObject(user);
            }
        }
    }
}
