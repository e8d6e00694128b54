using System.Management.Automation;
using Tunnel.Access;
using Tunnel.Core.Applications;

namespace Tunnel.PowerShell.Access;

/// <summary>Says who gets in: adds a policy to an Access application.</summary>
/// <remarks>
/// <para>A policy matches a visitor who meets at least one rule of -Include, every rule of -Require and none of
/// -Exclude. Bypass and NonIdentity (Service Auth) policies are asked first, then Allow and Deny, each by precedence;
/// the first that matches decides. Whom no policy matches stays out.</para>
/// <para>Rules are typed as text: everyone, alice@example.com, @example.com, 10.0.0.0/8, any_valid_service_token. A
/// service token from New-AccessServiceToken is a rule as it stands.</para>
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
[Cmdlet(VerbsCommon.New, "AccessPolicy", SupportsShouldProcess = true)]
[OutputType(typeof(ApplicationPolicy))]
public sealed class NewAccessPolicy : PolicyCmdlet
{
    // A field of the enum itself would have to be laid out before the module has led PowerShell to its engine.
    private object? _decision;

    /// <summary>The policy's name, unique within the application.</summary>
    [Parameter(Mandatory = true, Position = 1)]
    [ValidateNotNullOrEmpty]
    public string Name { get; set; } = null!;

    /// <summary>What happens to a visitor whom the rules match: Allow (after sign-in), Deny, Bypass, NonIdentity (service tokens).</summary>
    [Parameter(Mandatory = true, Position = 2)]
    [AccessDecisionTransformation]
    public AccessDecision Decision
    {
        get => (AccessDecision)(_decision ?? AccessDecision.Deny);
        set => _decision = value;
    }

    /// <summary>Rules of which a visitor has to meet at least one.</summary>
    [Parameter(Mandatory = true, Position = 3)]
    [AccessRuleTransformation]
    [ValidateNotNullOrEmpty]
    public AccessRule[] Include { get; set; } = [];

    /// <summary>Rules of which a visitor has to meet all.</summary>
    [Parameter]
    [AccessRuleTransformation]
    public AccessRule[] Require { get; set; } = [];

    /// <summary>Rules of which a visitor may meet none.</summary>
    [Parameter]
    [AccessRuleTransformation]
    public AccessRule[] Exclude { get; set; } = [];

    /// <summary>The place among the application's policies; lower is asked first. Default: the last.</summary>
    [Parameter]
    [ValidateRange(1, 10_000)]
    public int Precedence { get; set; }

    /// <summary>How long a sign-in by this policy holds, such as 30m or 24h. Default: the application's.</summary>
    [Parameter]
    [ValidateNotNullOrEmpty]
    public string? SessionDuration { get; set; }

    protected override object? ErrorTarget => Name;

    protected override async Task ProcessItemAsync()
    {
        string applicationId = await FindApplicationIdAsync();
        if (!ShouldProcess(Application, $"Add the {Decision} policy '{Name}' for {string.Join<AccessRule>(", ", Include)}"))
        {
            return;
        }

        WriteObject(await Policies.EnsureAsync(
            new ApplicationPolicy
            {
                ApplicationId = applicationId,
                Name = Name,
                Decision = Decision,
                Include = Include,
                Require = Require,
                Exclude = Exclude,
                Precedence = Precedence == 0 ? null : Precedence,
                SessionDuration = SessionDuration,
            },
            StopToken));
    }
}
