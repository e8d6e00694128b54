using System.Collections.Frozen;

namespace Tunnel.Access;

/// <summary>
/// The selectors of API v4 by name. Their members stand in the types of Cloudflare's own clients (schema
/// <c>access_rule</c> of its OpenAPI description).
/// </summary>
internal static class Selectors
{
    private const string Provider = "identity_provider_id";

    private static readonly FrozenDictionary<string, SelectorForm> Forms = new Dictionary<string, SelectorForm>
    {
        ["everyone"] = new([], _ => new EveryoneRule()),
        ["email"] = new(["email"], m => AccessRuleText.Email(m["email"])),
        ["email_domain"] = new(["domain"], m => AccessRuleText.EmailDomain(m["domain"])),
        ["email_list"] = new(["id"], m => new EmailListRule(m["id"])),
        ["ip"] = new(["ip"], m => IpRange(m["ip"])),
        ["ip_list"] = new(["id"], m => new IpListRule(m["id"])),
        ["geo"] = new(["country_code"], m => AccessRuleText.Country(m["country_code"])),
        ["group"] = new(["id"], m => new GroupRule(m["id"])),
        ["service_token"] = new(["token_id"], m => new ServiceTokenRule(m["token_id"])),
        ["any_valid_service_token"] = new([], _ => new AnyValidServiceTokenRule()),
        ["login_method"] = new(["id"], m => new LoginMethodRule(m["id"])),
        ["auth_method"] = new(["auth_method"], m => new AuthenticationMethodRule(m["auth_method"])),
        ["auth_context"] = new(["id", "ac_id", Provider], m => new AuthenticationContextRule(m["id"], m["ac_id"], m[Provider])),
        ["certificate"] = new([], _ => new CertificateRule()),
        ["common_name"] = new(["common_name"], m => new CommonNameRule(m["common_name"])),
        ["oidc"] = new(
            ["claim_name", "claim_value", Provider],
            m => new OidcClaimRule(m["claim_name"], m["claim_value"], m[Provider])),
        ["saml"] = new(
            ["attribute_name", "attribute_value", Provider],
            m => new SamlAttributeRule(m["attribute_name"], m["attribute_value"], m[Provider])),
        ["azureAD"] = new(["id", Provider], m => new AzureGroupRule(m["id"], m[Provider])),
        ["gsuite"] = new(["email", Provider], m => new GoogleGroupRule(m["email"], m[Provider])),
        ["okta"] = new(["name", Provider], m => new OktaGroupRule(m["name"], m[Provider])),
        ["github-organization"] = new(
            ["name", Provider], m => new GitHubOrganizationRule(m["name"], m[Provider], m.Optional("team")))
        {
            Optional = ["team"],
        },
        ["external_evaluation"] = new(
            ["evaluate_url", "keys_url"], m => ExternalEvaluation(m["evaluate_url"], m["keys_url"])),
        ["device_posture"] = new(
            ["integration_uid"], m => new DevicePostureRule(m["integration_uid"], m.Optional("account_id")))
        {
            Optional = ["account_id"],
        },
        ["linked_app_token"] = new(["app_uid"], m => new LinkedAppTokenRule(m["app_uid"])),
        ["user_risk_score"] = new(["user_risk_score"], m => AccessRuleText.UserRiskScore(m.Texts("user_risk_score"))),
        ["cloudflare_account_member"] = new([], m => new AccountMemberRule(m.Optional("account_id")))
        {
            Optional = ["account_id"],
        },
    }.ToFrozenDictionary(StringComparer.Ordinal);

    public static SelectorForm? Find(string name) => Forms.GetValueOrDefault(name);

    private static IpRangeRule? IpRange(string text) =>
        AccessRuleText.IpRange(text) is not { } rule ? null
        : IpRanges.Format(rule.Range) == text ? rule
        : rule with { Written = text };

    private static ExternalEvaluationRule? ExternalEvaluation(string evaluateUrl, string keysUrl) =>
        IsHttps(evaluateUrl) && IsHttps(keysUrl) ? new ExternalEvaluationRule(evaluateUrl, keysUrl) : null;

    private static bool IsHttps(string text) =>
        Uri.TryCreate(text, UriKind.Absolute, out var address) && address.Scheme == Uri.UriSchemeHttps;
}
