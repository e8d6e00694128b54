using System.Management.Automation;
using Tunnel.Core.Api;
using Tunnel.Core.Applications;
using Tunnel.Core.Log;
using Tunnel.PowerShell.Completion;
using Tunnel.PowerShell.Pipeline;

namespace Tunnel.PowerShell.Access;

/// <summary>Gets what Access decided: who was let in or refused, when, from where, and to what.</summary>
/// <remarks>
/// <para>The newest comes first. Pages are asked for while the pipeline takes them: Select-Object -First 20 asks for no
/// more than it shows. With -Follow the last entries come first, the oldest of them at the top, and then each as it is
/// decided, until Ctrl+C. Cloudflare's own log is up to a minute late.</para>
/// <para>An edge of our own lists at most 200 decisions a second about strangers, who show nothing of who they are; the
/// rest of that second is one entry with their number. Strangers have at most a quarter of the log, so that they do not
/// push out who came in.</para>
/// </remarks>
/// <example>
/// <para>Who was refused today?</para>
/// <code>
/// Get-AccessLog -Denied -Since (Get-Date).Date
/// </code>
/// <para>Shows time, visitor, address and application.</para>
/// </example>
/// <example>
/// <para>Watch an application</para>
/// <code>
/// Get-AccessLog -Application ssh.example.test -Follow
/// </code>
/// <para>Shows each decision as it comes; Ctrl+C ends it.</para>
/// </example>
[Cmdlet(VerbsCommon.Get, "AccessLog", DefaultParameterSetName = Past)]
[OutputType(typeof(AccessLogEntry))]
public sealed class GetAccessLog : AccountCmdlet
{
    private const string Past = "Past";
    private const string Coming = "Follow";

    /// <summary>Only visitors with this mail address, or with this part of one, such as @example.com.</summary>
    [Parameter(ValueFromPipelineByPropertyName = true)]
    [ValidateNotNullOrEmpty]
    public string? Email { get; set; }

    /// <summary>Only this application, by hostname, name or id.</summary>
    [Parameter(ValueFromPipelineByPropertyName = true)]
    [Alias("Domain")]
    [ValidateNotNullOrEmpty]
    [ArgumentCompleter(typeof(ApplicationNameCompleter))]
    public string? Application { get; set; }

    /// <summary>Only this request: the Cf-Ray of its answer.</summary>
    [Parameter(ValueFromPipelineByPropertyName = true)]
    [ValidateNotNullOrEmpty]
    public string? RayId { get; set; }

    /// <summary>Only who was refused; -Denied:$false only who was let in.</summary>
    [Parameter]
    public SwitchParameter Denied { get; set; }

    /// <summary>Only decisions of this time or later.</summary>
    [Parameter]
    public DateTimeOffset Since { get; set; }

    /// <summary>Only decisions of this time or earlier.</summary>
    [Parameter(ParameterSetName = Past)]
    public DateTimeOffset Until { get; set; }

    /// <summary>Wait for what comes, until Ctrl+C.</summary>
    [Parameter(Mandatory = true, ParameterSetName = Coming)]
    public SwitchParameter Follow { get; set; }

    protected override object? ErrorTarget => Application;

    protected override async Task ProcessItemAsync()
    {
        var filter = new AccessLogFilter
        {
            Email = Email,
            ApplicationId = Application is null
                ? null
                : (await new ApplicationCatalog(Connected.Api, Connected.AccountId).GetAsync(Application, StopToken)).Id,
            RayId = RayId,
            Allowed = IsGiven(nameof(Denied)) ? !Denied.IsPresent : null,
            Since = IsGiven(nameof(Since)) ? Since : null,
            Until = IsGiven(nameof(Until)) ? Until : null,
        };
        var log = new AccessLogReader(Connected.Api, Connected.AccountId);
        await WriteAllAsync(Follow ? log.FollowAsync(filter, StopToken) : log.ListAsync(filter, StopToken));
    }

    private bool IsGiven(string parameter) => MyInvocation.BoundParameters.ContainsKey(parameter);
}
