using System.Management.Automation;
using Tunnel.Access;
using Tunnel.Core.Applications;
using Tunnel.PowerShell.Completion;

namespace Tunnel.PowerShell.Access;

/// <summary>Says who gets in: adds a policy to an Access application, or makes a reusable one.</summary>
/// <remarks>
/// <para>A policy matches a visitor who meets at least one rule of -Include, every rule of -Require and none of
/// -Exclude. Bypass and NonIdentity (Service Auth) policies are asked first, then Allow and Deny, each by precedence;
/// the first that matches decides. Whom no policy matches stays out.</para>
/// <para>Rules are typed as text: everyone, alice@example.com, @example.com, 10.0.0.0/8, any_valid_service_token. A
/// service token from New-AccessServiceToken is a rule as it stands.</para>
/// <para>-RequirePurpose and -Approver hold for Allow policies: people are asked when they sign in. Nobody can approve their
/// own request. What an approver gives ends by itself, when they take it back, and when the policy names them no more.</para>
/// <para>With -Application the policy is the application's own. Without it, it is a reusable policy: any number of
/// applications can hold it, and a change holds for all of them. -ReusablePolicy lets an application hold one that is
/// there.</para>
/// <para>A policy of the same name that says the same is given back as it is.</para>
/// </remarks>
/// <example>
/// <para>People of one company</para>
/// <code>
/// New-AccessPolicy ssh.example.test -Name staff -Decision Allow -Include '@example.com' -Exclude guest@example.com
/// </code>
/// <para>Everybody with an address at example.com, but not the guest account.</para>
/// </example>
/// <example>
/// <para>A machine</para>
/// <code>
/// $token = New-AccessServiceToken deploy
/// New-AccessPolicy ssh.example.test -Name machines -Decision NonIdentity -Include $token
/// </code>
/// <para>Whoever shows this service token gets in with no sign-in.</para>
/// </example>
/// <example>
/// <para>Only while somebody has approved it</para>
/// <code>
/// New-AccessPolicy ssh.example.test -Name contractors -Decision Allow -Include '@example.org' -PurposePrompt 'Which ticket?' -Approver alice@example.com, bob@example.com
/// </code>
/// <para>Whoever signs in says what for and asks; alice and bob get a message, and one of them lets the person in for an
/// hour, or for as long as they choose.</para>
/// </example>
/// <example>
/// <para>One policy for many applications</para>
/// <code>
/// New-AccessPolicy -Name staff -Decision Allow -Include '@example.com'
/// Get-AccessApplication *.example.test | New-AccessPolicy -ReusablePolicy staff
/// </code>
/// <para>Makes a reusable policy, and lets each of the applications hold it, as their last one.</para>
/// </example>
[Cmdlet(VerbsCommon.New, "AccessPolicy", SupportsShouldProcess = true, DefaultParameterSetName = Reusable)]
[OutputType(typeof(ApplicationPolicy), ParameterSetName = [OfApplication, Attach])]
[OutputType(typeof(Core.Applications.ReusablePolicy), ParameterSetName = [Reusable])]
public sealed class NewAccessPolicy : PolicyCmdlet
{
    private const string Attach = "Attach";

    // A field of the enum itself would have to be laid out before the module has led PowerShell to its engine.
    private object? _decision;

    /// <summary>The hostname, name or id of the application. Without it, the policy is a reusable one.</summary>
    [Parameter(ParameterSetName = OfApplication, Mandatory = true, Position = 0, ValueFromPipelineByPropertyName = true)]
    [Parameter(ParameterSetName = Attach, Mandatory = true, Position = 0, ValueFromPipelineByPropertyName = true)]
    [Alias("ApplicationId", "Id", "Domain")]
    [ValidateNotNullOrEmpty]
    [ArgumentCompleter(typeof(ApplicationNameCompleter))]
    public string? Application { get; set; }

    /// <summary>The policy's name, unique within the application, or among the reusable policies.</summary>
    [Parameter(ParameterSetName = OfApplication, Mandatory = true, Position = 1)]
    [Parameter(ParameterSetName = Reusable, Mandatory = true)]
    [ValidateNotNullOrEmpty]
    public string Name { get; set; } = null!;

    /// <summary>The name or id of a reusable policy that the application is to hold.</summary>
    [Parameter(ParameterSetName = Attach, Mandatory = true, ValueFromPipelineByPropertyName = true)]
    [Alias("ReusablePolicyId")]
    [ValidateNotNullOrEmpty]
    [ArgumentCompleter(typeof(ReusablePolicyNameCompleter))]
    public string? ReusablePolicy { get; set; }

    /// <summary>What happens to a visitor whom the rules match: Allow (after sign-in), Deny, Bypass, NonIdentity (service tokens).</summary>
    [Parameter(ParameterSetName = OfApplication, Mandatory = true, Position = 2)]
    [Parameter(ParameterSetName = Reusable, Mandatory = true)]
    [AccessDecisionTransformation]
    public AccessDecision Decision
    {
        get => (AccessDecision)(_decision ?? AccessDecision.Deny);
        set => _decision = value;
    }

    /// <summary>Rules of which a visitor has to meet at least one.</summary>
    [Parameter(ParameterSetName = OfApplication, Mandatory = true, Position = 3)]
    [Parameter(ParameterSetName = Reusable, Mandatory = true)]
    [AccessRuleTransformation]
    [ArgumentCompleter(typeof(AccessRuleCompleter))]
    [ValidateNotNullOrEmpty]
    public AccessRule[] Include { get; set; } = [];

    /// <summary>Rules of which a visitor has to meet all.</summary>
    [Parameter(ParameterSetName = OfApplication)]
    [Parameter(ParameterSetName = Reusable)]
    [AccessRuleTransformation]
    [ArgumentCompleter(typeof(AccessRuleCompleter))]
    public AccessRule[] Require { get; set; } = [];

    /// <summary>Rules of which a visitor may meet none.</summary>
    [Parameter(ParameterSetName = OfApplication)]
    [Parameter(ParameterSetName = Reusable)]
    [AccessRuleTransformation]
    [ArgumentCompleter(typeof(AccessRuleCompleter))]
    public AccessRule[] Exclude { get; set; } = [];

    /// <summary>The place among the application's policies; lower is asked first. Default: the last.</summary>
    [Parameter(ParameterSetName = OfApplication)]
    [Parameter(ParameterSetName = Attach)]
    [ValidateRange(1, 10_000)]
    public int Precedence { get; set; }

    /// <summary>How long a sign-in by this policy holds, such as 30m or 24h. Default: the application's.</summary>
    [Parameter(ParameterSetName = OfApplication)]
    [Parameter(ParameterSetName = Reusable)]
    [ValidateNotNullOrEmpty]
    public string? SessionDuration { get; set; }

    /// <summary>People write down what they come for before they are let in; it is kept in the access log.</summary>
    [Parameter(ParameterSetName = OfApplication)]
    [Parameter(ParameterSetName = Reusable)]
    public SwitchParameter RequirePurpose { get; set; }

    /// <summary>What they are asked, such as 'Which ticket?'. Turns -RequirePurpose on.</summary>
    [Parameter(ParameterSetName = OfApplication)]
    [Parameter(ParameterSetName = Reusable)]
    [ValidateNotNullOrEmpty]
    public string? PurposePrompt { get; set; }

    /// <summary>Email addresses of those who have to approve before somebody is let in; they choose for how long.</summary>
    [Parameter(ParameterSetName = OfApplication)]
    [Parameter(ParameterSetName = Reusable)]
    [ValidateNotNull]
    public string[]? Approver { get; set; }

    /// <summary>How many of the approvers have to. Default: one.</summary>
    [Parameter(ParameterSetName = OfApplication)]
    [Parameter(ParameterSetName = Reusable)]
    [ValidateRange(1, 50)]
    public int ApprovalsNeeded { get; set; } = 1;

    protected override object? ErrorTarget => Name ?? ReusablePolicy;

    private int? Place => Precedence == 0 ? null : Precedence;

    protected override Task ProcessItemAsync() => ParameterSetName switch
    {
        Attach => AttachAsync(),
        OfApplication => AddAsync(),
        _ => MakeReusableAsync(),
    };

    private bool? AsksForPurpose => RequirePurpose || PurposePrompt is not null ? true : null;

    private int? Needed => MyInvocation.BoundParameters.ContainsKey(nameof(ApprovalsNeeded)) ? ApprovalsNeeded : null;

    private async Task AddAsync()
    {
        string applicationId = await FindApplicationIdAsync(Application!);
        if (ShouldProcess(Application, $"Add the {Decision} policy '{Name}' for {string.Join<AccessRule>(", ", Include)}"))
        {
            WriteObject(await Policies.EnsureAsync(
                new ApplicationPolicy
                {
                    ApplicationId = applicationId,
                    Name = Name,
                    Decision = Decision,
                    Include = Include,
                    Require = Require,
                    Exclude = Exclude,
                    Precedence = Place,
                    SessionDuration = SessionDuration,
                    RequiresPurpose = AsksForPurpose,
                    PurposePrompt = PurposePrompt,
                }.WithApprovers(Approver, Needed),
                StopToken));
        }
    }

    private async Task MakeReusableAsync()
    {
        if (ShouldProcess(Connected.Name, $"Make the reusable {Decision} policy '{Name}' for {string.Join<AccessRule>(", ", Include)}"))
        {
            WriteObject(await ReusablePolicies.EnsureAsync(
                new Core.Applications.ReusablePolicy
                {
                    Name = Name,
                    Decision = Decision,
                    Include = Include,
                    Require = Require,
                    Exclude = Exclude,
                    SessionDuration = SessionDuration,
                    RequiresPurpose = AsksForPurpose,
                    PurposePrompt = PurposePrompt,
                }.WithApprovers(Approver, Needed),
                StopToken));
        }
    }

    private async Task AttachAsync()
    {
        string applicationId = await FindApplicationIdAsync(Application!);
        Core.Applications.ReusablePolicy policy = await ReusablePolicies.GetAsync(ReusablePolicy!, StopToken);
        if (ShouldProcess(Application, $"Let it hold the reusable policy '{policy.Name}' ({policy.Summary})"))
        {
            WriteObject(await Policies.AttachAsync(applicationId, policy, Place, StopToken));
        }
    }
}
