using System.Management.Automation;
using Tunnel.Core.Api;
using Tunnel.Core.Applications;
using Tunnel.Core.Users;
using Tunnel.PowerShell.Completion;
using Tunnel.PowerShell.Pipeline;

namespace Tunnel.PowerShell.Access;

/// <summary>Ends sessions: their next request is refused, and what they have open is closed.</summary>
/// <remarks>
/// <para>The policies stay as they are: whoever may get in can sign in again. To keep somebody out, change the policy
/// first, and then end the sessions.</para>
/// <para>Cloudflare ends all sessions of a person, or all of an application. One single session, as from
/// Get-AccessSession, can be ended at an embedded edge only, where open streams are closed within a second.</para>
/// </remarks>
/// <example>
/// <para>A laptop was stolen</para>
/// <code>
/// Revoke-AccessSession -User alice@example.com
/// </code>
/// <para>Ends every session of the person, in every application.</para>
/// </example>
/// <example>
/// <para>Everybody out of one application</para>
/// <code>
/// Revoke-AccessSession -Application ssh.example.test
/// </code>
/// <para>Ends what people and machines opened of it. Other applications are not touched.</para>
/// </example>
/// <example>
/// <para>One session of many</para>
/// <code>
/// Get-AccessSession alice@example.com | Where-Object IssuedAt -lt ([DateTimeOffset]::Now.AddHours(-8)) | Revoke-AccessSession
/// </code>
/// <para>Ends the person's older sessions.</para>
/// </example>
[Cmdlet(VerbsSecurity.Revoke, "AccessSession", SupportsShouldProcess = true, ConfirmImpact = ConfirmImpact.High, DefaultParameterSetName = BySession)]
public sealed class RevokeAccessSession : AccountCmdlet
{
    private const string BySession = "Session";
    private const string ByUser = "User";
    private const string ByApplication = "Application";

    /// <summary>A session from Get-AccessSession.</summary>
    [Parameter(Mandatory = true, Position = 0, ValueFromPipeline = true, ParameterSetName = BySession)]
    [Alias("Session")]
    [ValidateNotNull]
    public AccessSession InputObject { get; set; } = null!;

    /// <summary>The mail address of a person, whose sessions all end.</summary>
    [Parameter(Mandatory = true, ValueFromPipelineByPropertyName = true, ParameterSetName = ByUser)]
    [Alias("Email")]
    [ValidateNotNullOrEmpty]
    [ArgumentCompleter(typeof(UserEmailCompleter))]
    public string User { get; set; } = null!;

    /// <summary>The hostname, name or id of an application, of which all ends that anybody opened.</summary>
    [Parameter(Mandatory = true, ValueFromPipelineByPropertyName = true, ParameterSetName = ByApplication)]
    [Alias("Domain")]
    [ValidateNotNullOrEmpty]
    [ArgumentCompleter(typeof(ApplicationNameCompleter))]
    public string Application { get; set; } = null!;

    protected override object? ErrorTarget => ParameterSetName switch
    {
        ByUser => User,
        ByApplication => Application,
        _ => InputObject,
    };

    protected override async Task ProcessItemAsync()
    {
        var users = new UserCatalog(Connected.Api, Connected.AccountId);
        switch (ParameterSetName)
        {
            case ByUser when ShouldProcess(User, "End all sessions of the person and close what they have open"):
                await users.RevokeUserAsync(User, StopToken);
                break;
            case ByApplication:
                AccessApplication application = await new ApplicationCatalog(Connected.Api, Connected.AccountId)
                    .GetAsync(Application, StopToken);
                if (ShouldProcess(application.Domain ?? application.Id, "End every session in the application and close what is open"))
                {
                    await users.RevokeApplicationAsync(application.Id, StopToken);
                }

                break;
            case BySession when ShouldProcess(InputObject.ToString(), "End the session and close what it has open"):
                await users.RevokeSessionAsync(InputObject, StopToken);
                break;
        }
    }
}
