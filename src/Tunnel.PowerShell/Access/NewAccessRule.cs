using System.Management.Automation;
using Tunnel.Access;
using Tunnel.Core.Applications;
using Tunnel.PowerShell.Completion;
using Tunnel.PowerShell.Pipeline;

namespace Tunnel.PowerShell.Access;

/// <summary>Builds rules for policies and groups: facts about a visitor that are so or not.</summary>
/// <remarks>
/// <para>Each value gives one rule. Nothing is created in the account; it is asked only for the ids of groups, lists,
/// service tokens and login methods that are given by name.</para>
/// <para>Rules with one value have a short form that -Include, -Require and -Exclude take as well: everyone,
/// alice@example.com, @example.com, 10.0.0.0/8, country:NZ, group:NAME, email_list:NAME, ip_list:NAME, service_token:NAME,
/// any_valid_service_token, login_method:NAME, auth_method:mfa, certificate, common_name:NAME.</para>
/// <para>Device posture, linked applications, user risk and account members are known at Cloudflare only. At an
/// embedded edge such a rule lets nobody in: it matches nobody where it includes, and everybody where it excludes.</para>
/// </remarks>
/// <example>
/// <para>People of a team, with a second factor</para>
/// <code>
/// $team = New-AccessRule -GitHubOrganization example -Team operators -IdentityProvider GitHub
/// $mfa = New-AccessRule -AuthenticationMethod mfa
/// New-AccessPolicy ssh.example.test -Name operators -Decision Allow -Include $team -Require $mfa
/// </code>
/// <para>Lets in members of one team on GitHub who have signed in with more than a password.</para>
/// </example>
/// <example>
/// <para>From a list</para>
/// <code>
/// 'alice@example.com', '@example.org', 'country:NZ' | New-AccessRule
/// </code>
/// <para>Reads the short forms, one rule each.</para>
/// </example>
/// <example>
/// <para>A claim of an OIDC provider</para>
/// <code>
/// New-AccessRule -OidcClaim role -Value admin, operator -IdentityProvider Keycloak
/// </code>
/// <para>One rule for each value: whoever has either matches.</para>
/// </example>
[Cmdlet(VerbsCommon.New, "AccessRule", DefaultParameterSetName = TextSet)]
[OutputType(typeof(AccessRule))]
public sealed class NewAccessRule : AccountCmdlet
{
    private const string TextSet = "Text";
    private const string OidcSet = "OidcClaim";
    private const string SamlSet = "SamlAttribute";
    private const string GitHubSet = "GitHubOrganization";
    private const string OktaSet = "OktaGroup";
    private const string GoogleSet = "GoogleGroup";
    private const string EntraSet = "EntraGroup";
    private const string ContextSet = "AuthenticationContext";
    private const string ExternalSet = "ExternalEvaluation";

    // What the parameter with several values has got, of whichever set it is.
    private string[] _values = [];

    /// <summary>Rules in their short forms, or service tokens, groups and lists of the account.</summary>
    [Parameter(Mandatory = true, Position = 0, ValueFromPipeline = true, ParameterSetName = TextSet)]
    [AccessRuleTransformation]
    [ArgumentCompleter(typeof(AccessRuleCompleter))]
    [ValidateNotNullOrEmpty]
    public AccessRule[] Rule { get; set; } = [];

    /// <summary>Every visitor.</summary>
    [Parameter(Mandatory = true, ParameterSetName = "everyone")]
    public SwitchParameter Everyone { get; set; }

    /// <summary>Visitors who signed in with one of these addresses.</summary>
    [Parameter(Mandatory = true, ParameterSetName = "email")]
    public string[] Email { get => _values; set => _values = value; }

    /// <summary>Visitors who signed in with an address of one of these domains, such as example.com.</summary>
    [Parameter(Mandatory = true, ParameterSetName = "email_domain")]
    public string[] EmailDomain { get => _values; set => _values = value; }

    /// <summary>Visitors from these addresses or ranges of addresses, such as 10.0.0.0/8.</summary>
    [Parameter(Mandatory = true, ParameterSetName = "ip")]
    public string[] IpRange { get => _values; set => _values = value; }

    /// <summary>Visitors from these countries: two letters of ISO 3166-1, or T1 for Tor.</summary>
    [Parameter(Mandatory = true, ParameterSetName = "country")]
    public string[] Country { get => _values; set => _values = value; }

    /// <summary>Visitors whom these Access groups match, by name or id.</summary>
    [Parameter(Mandatory = true, ParameterSetName = "group")]
    [ArgumentCompleter(typeof(GroupNameCompleter))]
    public string[] Group { get => _values; set => _values = value; }

    /// <summary>Visitors who show these service tokens, by name or id.</summary>
    [Parameter(Mandatory = true, ParameterSetName = "service_token")]
    [ArgumentCompleter(typeof(ServiceTokenNameCompleter))]
    public string[] ServiceToken { get => _values; set => _values = value; }

    /// <summary>Visitors who show any service token of the account.</summary>
    [Parameter(Mandatory = true, ParameterSetName = "any_valid_service_token")]
    public SwitchParameter AnyValidServiceToken { get; set; }

    /// <summary>Visitors who signed in at these identity providers, by name or id.</summary>
    [Parameter(Mandatory = true, ParameterSetName = "login_method")]
    [ArgumentCompleter(typeof(IdentityProviderNameCompleter))]
    public string[] LoginMethod { get => _values; set => _values = value; }

    /// <summary>Visitors who proved in these ways who they are, in the words of RFC 8176.</summary>
    [Parameter(Mandatory = true, ParameterSetName = "auth_method")]
    [ArgumentCompleter(typeof(AuthenticationMethodCompleter))]
    public string[] AuthenticationMethod { get => _values; set => _values = value; }

    /// <summary>Visitors who show a valid client certificate.</summary>
    [Parameter(Mandatory = true, ParameterSetName = "certificate")]
    public SwitchParameter Certificate { get; set; }

    /// <summary>Visitors whose client certificate has one of these common names.</summary>
    [Parameter(Mandatory = true, ParameterSetName = "common_name")]
    public string[] CommonName { get => _values; set => _values = value; }

    /// <summary>Visitors of whom an OIDC provider tells this claim; -Value says with which values.</summary>
    [Parameter(Mandatory = true, ParameterSetName = OidcSet)]
    [ValidateNotNullOrEmpty]
    public string OidcClaim { get; set; } = null!;

    /// <summary>Visitors of whom a SAML provider tells this attribute; -Value says with which values.</summary>
    [Parameter(Mandatory = true, ParameterSetName = SamlSet)]
    [ValidateNotNullOrEmpty]
    public string SamlAttribute { get; set; } = null!;

    /// <summary>The values of the claim or attribute, one rule each.</summary>
    [Parameter(Mandatory = true, ParameterSetName = OidcSet)]
    [Parameter(Mandatory = true, ParameterSetName = SamlSet)]
    public string[] Value { get => _values; set => _values = value; }

    /// <summary>Members of these organisations on GitHub.</summary>
    [Parameter(Mandatory = true, ParameterSetName = GitHubSet)]
    public string[] GitHubOrganization { get => _values; set => _values = value; }

    /// <summary>Only members of this team of the organisation.</summary>
    [Parameter(ParameterSetName = GitHubSet)]
    [ValidateNotNullOrEmpty]
    public string? Team { get; set; }

    /// <summary>Members of these groups of Okta, by name.</summary>
    [Parameter(Mandatory = true, ParameterSetName = OktaSet)]
    public string[] OktaGroup { get => _values; set => _values = value; }

    /// <summary>Members of these groups of Google Workspace, by address.</summary>
    [Parameter(Mandatory = true, ParameterSetName = GoogleSet)]
    public string[] GoogleGroup { get => _values; set => _values = value; }

    /// <summary>Members of these groups of Entra ID (Azure AD), by object id.</summary>
    [Parameter(Mandatory = true, ParameterSetName = EntraSet)]
    [Alias("AzureGroup")]
    public string[] EntraGroup { get => _values; set => _values = value; }

    /// <summary>The id that the API gives to an authentication context of Entra ID.</summary>
    [Parameter(Mandatory = true, ParameterSetName = ContextSet)]
    [ValidateNotNullOrEmpty]
    public string AuthenticationContext { get; set; } = null!;

    /// <summary>The id of that context at Entra ID, c1 to c99.</summary>
    [Parameter(Mandatory = true, ParameterSetName = ContextSet)]
    [ValidateNotNullOrEmpty]
    public string ContextId { get; set; } = null!;

    /// <summary>The name or id of the identity provider that tells.</summary>
    [Parameter(Mandatory = true, ParameterSetName = OidcSet)]
    [Parameter(Mandatory = true, ParameterSetName = SamlSet)]
    [Parameter(Mandatory = true, ParameterSetName = GitHubSet)]
    [Parameter(Mandatory = true, ParameterSetName = OktaSet)]
    [Parameter(Mandatory = true, ParameterSetName = GoogleSet)]
    [Parameter(Mandatory = true, ParameterSetName = EntraSet)]
    [Parameter(Mandatory = true, ParameterSetName = ContextSet)]
    [ArgumentCompleter(typeof(IdentityProviderNameCompleter))]
    [ValidateNotNullOrEmpty]
    public string IdentityProvider { get; set; } = null!;

    /// <summary>Visitors of whom this endpoint of yours says so (https).</summary>
    [Parameter(Mandatory = true, ParameterSetName = ExternalSet)]
    [ValidateNotNull]
    public Uri ExternalEvaluation { get; set; } = null!;

    /// <summary>Where the keys are that the endpoint signs its answers with (https).</summary>
    [Parameter(Mandatory = true, ParameterSetName = ExternalSet)]
    [ValidateNotNull]
    public Uri KeysUrl { get; set; } = null!;

    /// <summary>Visitors whose address is in one of these lists of e-mail addresses, by name or id.</summary>
    [Parameter(Mandatory = true, ParameterSetName = "email_list")]
    [ArgumentCompleter(typeof(ListNameCompleter))]
    public string[] EmailList { get => _values; set => _values = value; }

    /// <summary>Visitors who come from an address in one of these lists of IP addresses, by name or id.</summary>
    [Parameter(Mandatory = true, ParameterSetName = "ip_list")]
    [ArgumentCompleter(typeof(ListNameCompleter))]
    public string[] IpList { get => _values; set => _values = value; }

    /// <summary>Visitors whose device passes these checks, by id.</summary>
    [Parameter(Mandatory = true, ParameterSetName = "device_posture")]
    public string[] DevicePosture { get => _values; set => _values = value; }

    /// <summary>Visitors with an OAuth token of these OIDC applications of Access, by id.</summary>
    [Parameter(Mandatory = true, ParameterSetName = "linked_app_token")]
    public string[] LinkedApplication { get => _values; set => _values = value; }

    /// <summary>Visitors whose risk is rated so; all values make one rule.</summary>
    [Parameter(Mandatory = true, ParameterSetName = "user_risk_score")]
    [ValidateSet("low", "medium", "high", "unscored", IgnoreCase = false)]
    public string[] UserRiskScore { get => [_values[0]]; set => _values = [string.Join(',', value)]; }

    /// <summary>Members of these Cloudflare accounts, by id.</summary>
    [Parameter(Mandatory = true, ParameterSetName = "cloudflare_account_member")]
    public string[] AccountMember { get => _values; set => _values = value; }

    protected override object? ErrorTarget => _values is [] ? null : _values;

    protected override async Task ProcessItemAsync()
    {
        foreach (AccessRule rule in Rules())
        {
            AccessRuleJson.Check(rule);
            WriteObject(AccessRuleResolver.HasName(rule)
                ? await new AccessRuleResolver(Connected.Api, Connected.AccountId).ResolveAsync(rule, StopToken)
                : rule);
        }
    }

    /// <summary>The sets of selectors with one value, or none, are named as the selector is in the short form.</summary>
    private IEnumerable<AccessRule> Rules() => ParameterSetName switch
    {
        TextSet => Rule,
        OidcSet => Value.Select(value => new OidcClaimRule(OidcClaim, value, IdentityProvider)),
        SamlSet => Value.Select(value => new SamlAttributeRule(SamlAttribute, value, IdentityProvider)),
        GitHubSet => GitHubOrganization.Select(name => new GitHubOrganizationRule(name, IdentityProvider, Team)),
        OktaSet => OktaGroup.Select(name => new OktaGroupRule(name, IdentityProvider)),
        GoogleSet => GoogleGroup.Select(address => new GoogleGroupRule(address, IdentityProvider)),
        EntraSet => EntraGroup.Select(id => new AzureGroupRule(id, IdentityProvider)),
        ContextSet => [new AuthenticationContextRule(AuthenticationContext, ContextId, IdentityProvider)],
        ExternalSet => [new ExternalEvaluationRule(ExternalEvaluation.OriginalString, KeysUrl.OriginalString)],
        _ when _values is [] => [AccessRuleText.Parse(ParameterSetName)],
        _ => _values.Select(value => AccessRuleText.Parse($"{ParameterSetName}:{value}")),
    };
}
