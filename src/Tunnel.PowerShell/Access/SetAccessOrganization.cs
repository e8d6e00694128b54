using System.Management.Automation;
using Tunnel.Core.Api;
using Tunnel.PowerShell.Pipeline;

namespace Tunnel.PowerShell.Access;

/// <summary>Changes the organisation of the account: only what is given changes.</summary>
/// <remarks>
/// <para>Another team domain is another issuer: every token that was issued becomes invalid, and everybody has to sign in
/// again; identity providers refuse sign-ins until their redirect address is changed (Get-AccessIdentityProvider shows the
/// new one); connectors that verify tokens themselves need the new team name. Settings that this version does not know
/// stay as they are.</para>
/// </remarks>
/// <example>
/// <para>Sign in anew every eight hours</para>
/// <code>
/// Set-AccessOrganization -SessionDuration 8h
/// </code>
/// <para>Holds where an application sets no duration of its own.</para>
/// </example>
/// <example>
/// <para>Tell people where they are</para>
/// <code>
/// Set-AccessOrganization -HeaderText 'Example Corp' -FooterText 'Help: help@example.com' -BackgroundColor '#f5f5f5'
/// </code>
/// <para>Changes the sign-in page.</para>
/// </example>
[Cmdlet(VerbsCommon.Set, "AccessOrganization", SupportsShouldProcess = true, ConfirmImpact = ConfirmImpact.High)]
[OutputType(typeof(AccessOrganization))]
public sealed class SetAccessOrganization : AccountCmdlet
{
    /// <summary>The name that people see.</summary>
    [Parameter(ValueFromPipelineByPropertyName = true)]
    [ValidateNotNullOrEmpty]
    public string? Name { get; set; }

    /// <summary>The host that signs people in. Changing it signs everybody out.</summary>
    [Parameter]
    [Alias("TeamDomain")]
    [ValidateNotNullOrEmpty]
    public string? AuthDomain { get; set; }

    /// <summary>How long a sign-in holds, such as 30m or 24h.</summary>
    [Parameter]
    [ValidateNotNullOrEmpty]
    public string? SessionDuration { get; set; }

    /// <summary>Skip the choice of an identity provider where there is only one; -AutoRedirectToIdentity:$false asks again.</summary>
    [Parameter]
    public SwitchParameter AutoRedirectToIdentity { get; set; }

    /// <summary>The text at the top of the sign-in page.</summary>
    [Parameter]
    public string? HeaderText { get; set; }

    /// <summary>The text at the bottom of the sign-in page.</summary>
    [Parameter]
    public string? FooterText { get; set; }

    /// <summary>The https address of a picture for the sign-in page.</summary>
    [Parameter]
    public string? LogoPath { get; set; }

    /// <summary>A colour such as #ffffff.</summary>
    [Parameter]
    public string? BackgroundColor { get; set; }

    /// <summary>A colour such as #000000.</summary>
    [Parameter]
    public string? TextColor { get; set; }

    protected override object? ErrorTarget => AuthDomain ?? Name;

    protected override async Task ProcessItemAsync()
    {
        AccessOrganization present = await Connected.Api.Organization.GetAsync(Connected.AccountId, StopToken);
        bool isMoved = AuthDomain is not null && !string.Equals(AuthDomain, present.AuthDomain, StringComparison.OrdinalIgnoreCase);
        string action = isMoved
            ? $"Move the sign-in to {AuthDomain}: everybody is signed out, and identity providers need the new redirect address"
            : "Change the organisation";
        if (ShouldProcess(present.ToString(), action))
        {
            WriteObject(await Connected.Api.Organization.UpdateAsync(Connected.AccountId, Over(present), StopToken));
        }
    }

    private AccessOrganization Over(AccessOrganization present)
    {
        AccessLoginDesign design = present.LoginDesign ?? new AccessLoginDesign();
        return present with
        {
            Name = Name ?? present.Name,
            AuthDomain = AuthDomain ?? present.AuthDomain,
            SessionDuration = SessionDuration ?? present.SessionDuration,
            AutoRedirectToIdentity = MyInvocation.BoundParameters.ContainsKey(nameof(AutoRedirectToIdentity))
                ? AutoRedirectToIdentity.IsPresent : present.AutoRedirectToIdentity,
            LoginDesign = design with
            {
                HeaderText = HeaderText ?? design.HeaderText,
                FooterText = FooterText ?? design.FooterText,
                LogoPath = LogoPath ?? design.LogoPath,
                BackgroundColor = BackgroundColor ?? design.BackgroundColor,
                TextColor = TextColor ?? design.TextColor,
            },
        };
    }
}
