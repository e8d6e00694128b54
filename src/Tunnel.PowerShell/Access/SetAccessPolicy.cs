using System.Management.Automation;
using Tunnel.Access;
using Tunnel.Core.Applications;
using Tunnel.PowerShell.Completion;

namespace Tunnel.PowerShell.Access;

/// <summary>Changes a policy: only what is given changes.</summary>
/// <remarks>
/// <para>The change holds for the next visitor who comes. The embedded edge also ends what is open and would not be let in
/// again; Cloudflare lets it go on until its session ends.</para>
/// <para>Rules replace those that the policy has; give all that should hold. With -WhatIf you see what would change.</para>
/// <para>-ReusablePolicy changes a reusable policy for every application that holds it; with -Application only its place
/// among that application's policies can change.</para>
/// </remarks>
/// <example>
/// <para>Let in a second company</para>
/// <code>
/// Set-AccessPolicy ssh.example.test staff -Include '@example.com', '@example.org'
/// </code>
/// <para>Replaces the rules that include; requirements and exclusions stay.</para>
/// </example>
/// <example>
/// <para>Turn a policy round</para>
/// <code>
/// Get-AccessPolicy ssh.example.test staff | Set-AccessPolicy -Decision Deny
/// </code>
/// <para>Keeps out whom the policy let in before.</para>
/// </example>
/// <example>
/// <para>Let nobody in any more without an approval</para>
/// <code>
/// Set-AccessPolicy ssh.example.test staff -Approver alice@example.com, bob@example.com -ApprovalsNeeded 2
/// </code>
/// <para>Open sessions of people whom alice and bob have not both approved end.</para>
/// </example>
/// <example>
/// <para>Change a reusable policy</para>
/// <code>
/// Set-AccessPolicy -ReusablePolicy staff -Exclude guest@example.com
/// </code>
/// <para>Holds for every application that holds the policy.</para>
/// </example>
[Cmdlet(VerbsCommon.Set, "AccessPolicy", SupportsShouldProcess = true, ConfirmImpact = ConfirmImpact.High,
    DefaultParameterSetName = Reusable)]
[OutputType(typeof(ApplicationPolicy), ParameterSetName = [OfApplication])]
[OutputType(typeof(Core.Applications.ReusablePolicy), ParameterSetName = [Reusable])]
public sealed class SetAccessPolicy : ExistingPolicyCmdlet
{
    // Not of the enum's type: see NewAccessPolicy.
    private object? _decision;

    /// <summary>A new name.</summary>
    [Parameter]
    [ValidateNotNullOrEmpty]
    public string? NewName { get; set; }

    /// <summary>What happens to a visitor whom the rules match: Allow (after sign-in), Deny, Bypass, NonIdentity (service tokens).</summary>
    [Parameter]
    [AccessDecisionTransformation]
    public AccessDecision Decision
    {
        get => (AccessDecision)(_decision ?? AccessDecision.Deny);
        set => _decision = value;
    }

    /// <summary>Rules of which a visitor has to meet at least one.</summary>
    [Parameter]
    [AccessRuleTransformation]
    [ArgumentCompleter(typeof(AccessRuleCompleter))]
    [ValidateNotNullOrEmpty]
    public AccessRule[]? Include { get; set; }

    /// <summary>Rules of which a visitor has to meet all.</summary>
    [Parameter]
    [AccessRuleTransformation]
    [ArgumentCompleter(typeof(AccessRuleCompleter))]
    public AccessRule[]? Require { get; set; }

    /// <summary>Rules of which a visitor may meet none.</summary>
    [Parameter]
    [AccessRuleTransformation]
    [ArgumentCompleter(typeof(AccessRuleCompleter))]
    public AccessRule[]? Exclude { get; set; }

    /// <summary>The place among the application's policies; lower is asked first.</summary>
    [Parameter(ParameterSetName = OfApplication)]
    [ValidateRange(1, 10_000)]
    public int Precedence { get; set; }

    /// <summary>Makes the application's own policy a reusable one, which it goes on to hold.</summary>
    [Parameter(ParameterSetName = OfApplication)]
    public SwitchParameter MakeReusable { get; set; }

    /// <summary>How long a sign-in by this policy holds, such as 30m or 24h.</summary>
    [Parameter]
    [ValidateNotNullOrEmpty]
    public string? SessionDuration { get; set; }

    /// <summary>People write down what they come for before they are let in; it is kept in the access log.</summary>
    [Parameter]
    public SwitchParameter RequirePurpose { get; set; }

    /// <summary>What they are asked, such as 'Which ticket?'. Turns -RequirePurpose on.</summary>
    [Parameter]
    [ValidateNotNullOrEmpty]
    public string? PurposePrompt { get; set; }

    /// <summary>Email addresses of those who have to approve before somebody is let in; they choose for how long. Replaces those that the policy has; an empty list, @(), turns approval off.</summary>
    [Parameter]
    [ValidateNotNull]
    public string[]? Approver { get; set; }

    /// <summary>How many of the approvers have to. Default: as many as before, or one.</summary>
    [Parameter]
    [ValidateRange(1, 50)]
    public int ApprovalsNeeded { get; set; }

    private PolicyChange Change => new()
    {
        Name = NewName,
        Decision = (AccessDecision?)_decision,
        Include = Include,
        Require = Require,
        Exclude = Exclude,
        SessionDuration = SessionDuration,
        RequiresPurpose = PurposePrompt is not null ? true : MyInvocation.BoundParameters.ContainsKey(nameof(RequirePurpose)) ? RequirePurpose : null,
        PurposePrompt = PurposePrompt,
        Approvers = Approver,
        ApprovalsNeeded = ApprovalsNeeded == 0 ? null : ApprovalsNeeded,
    };

    protected override Task ProcessItemAsync() => IsOfApplication ? ChangeInApplicationAsync() : ChangeReusableAsync();

    private async Task ChangeInApplicationAsync()
    {
        ApplicationPolicy policy = await FindPolicyAsync();
        ApplicationPolicy changed = Change.ApplyTo(policy) with { Precedence = Precedence == 0 ? policy.Precedence : Precedence };
        if (ShouldProcess(
            Application, $"Change the policy '{policy.Name}' to: {changed.Summary}{(MakeReusable ? "; reusable from now on" : "")}"))
        {
            ApplicationPolicy written = await Policies.UpdateAsync(changed, StopToken);
            WriteObject(MakeReusable ? await Policies.MakeReusableAsync(written, StopToken) : written);
        }
    }

    private async Task ChangeReusableAsync()
    {
        Core.Applications.ReusablePolicy policy = await FindReusablePolicyAsync();
        Core.Applications.ReusablePolicy changed = Change.ApplyTo(policy);
        if (ShouldProcess(
            $"{policy.ApplicationCount} application(s) of {Connected.Name}",
            $"Change the reusable policy '{policy.Name}' to: {changed.Summary}"))
        {
            WriteObject(await ReusablePolicies.UpdateAsync(changed, StopToken));
        }
    }
}
