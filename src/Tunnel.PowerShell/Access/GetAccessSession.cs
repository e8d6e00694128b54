using System.Management.Automation;
using Tunnel.Core.Api;
using Tunnel.Core.Users;
using Tunnel.PowerShell.Completion;
using Tunnel.PowerShell.Pipeline;

namespace Tunnel.PowerShell.Access;

/// <summary>Gets the sessions of people who are signed in now, with the applications that each opened.</summary>
/// <remarks>
/// <para>A session begins with a sign-in. It ends when its time is over, when the person signs out, and at once with
/// Revoke-AccessSession. Machines that come with a service token have no session.</para>
/// </remarks>
/// <example>
/// <para>Who is in now?</para>
/// <code>
/// Get-AccessSession
/// </code>
/// <para>Shows every session of every person.</para>
/// </example>
/// <example>
/// <para>End what one person has open</para>
/// <code>
/// Get-AccessSession alice@example.com | Revoke-AccessSession
/// </code>
/// <para>Asks for each session; -Confirm:$false does not.</para>
/// </example>
[Cmdlet(VerbsCommon.Get, "AccessSession")]
[OutputType(typeof(AccessSession))]
public sealed class GetAccessSession : AccountCmdlet
{
    /// <summary>Only sessions of people of this mail address, name or id; wildcards work.</summary>
    [Parameter(Position = 0, ValueFromPipeline = true, ValueFromPipelineByPropertyName = true)]
    [Alias("Email")]
    [SupportsWildcards]
    [ArgumentCompleter(typeof(UserEmailCompleter))]
    public string[]? User { get; set; }

    protected override async Task ProcessItemAsync()
    {
        var filter = new NameFilter(User);
        var users = new UserCatalog(Connected.Api, Connected.AccountId);
        await foreach (AccessUser user in users.ListAsync(cancellationToken: StopToken))
        {
            if (!filter.Matches([user.Email, user.Name, user.Id]))
            {
                continue;
            }

            await foreach (AccessSession session in users.ListSessionsAsync(user, StopToken))
            {
                WriteObject(session);
            }
        }
    }
}
