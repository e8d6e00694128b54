using System.Text;

namespace Tunnel.Access;

/// <summary>
/// The short forms in which people type rules: <c>everyone</c>, <c>alice@example.com</c>, <c>@example.com</c>,
/// <c>10.0.0.0/8</c>, and for selectors with one value the selector, a colon and the value, such as <c>country:NZ</c> or
/// <c>auth_method:mfa</c>. Whatever begins with a brace is the API's JSON.
/// </summary>
/// <remarks>
/// <c>group:</c>, <c>email_list:</c>, <c>ip_list:</c>, <c>service_token:</c> and <c>login_method:</c> take a name as well as an id. A name means nothing to the
/// API: whoever sends rules there looks names up first.
/// </remarks>
public static class AccessRuleText
{
    /// <summary>Longest address of RFC 5321: 64 octets, the sign, 255 octets.</summary>
    internal const int MaxEmailLength = 320;

    private const string Forms =
        "Write everyone, alice@example.com, @example.com, 10.0.0.0/8, country:NZ, group:NAME, email_list:NAME, ip_list:NAME, service_token:NAME, "
        + "any_valid_service_token, login_method:NAME, auth_method:mfa, certificate or common_name:NAME; "
        + "New-AccessRule builds every other rule.";

    private static readonly string[] RiskLevels = ["low", "medium", "high", "unscored"];

    /// <summary>Reads a short form; white space around it is ignored, and the case of its keywords.</summary>
    /// <exception cref="AccessRuleFormatException">None of the forms; the message lists them.</exception>
    public static AccessRule Parse(string text)
    {
        ArgumentNullException.ThrowIfNull(text);
        var rule = text.Trim();
        if (rule.StartsWith('{'))
        {
            return AccessRuleJson.Parse(rule);
        }
        var colon = rule.IndexOf(':', StringComparison.Ordinal);
        // Behind a colon that follows no selector, only an address of IPv6 has a meaning.
        var parsed = colon < 0
            ? Word(rule.ToLowerInvariant()) ?? Bare(rule)
            : Pair(rule[..colon].ToLowerInvariant(), rule[(colon + 1)..].Trim()) ?? IpRange(rule);
        return parsed ?? throw new AccessRuleFormatException(
            $"'{Shorten(rule)}' is not an Access rule. {Forms}");
    }

    /// <summary>The short form of a rule; <see cref="Parse"/> reads it back.</summary>
    public static string Format(AccessRule rule)
    {
        var text = rule switch
        {
            EveryoneRule or AnyValidServiceTokenRule or CertificateRule or AccountMemberRule { AccountId: null } => rule.Selector,
            EmailRule email => email.Email.Contains(':', StringComparison.Ordinal) ? $"email:{email.Email}" : email.Email,
            EmailDomainRule domain => "@" + domain.Domain,
            IpRangeRule range => IpRanges.Format(range.Range),
            CountryRule country => $"country:{country.CountryCode}",
            GroupRule group => $"group:{group.GroupId}",
            ServiceTokenRule token => $"service_token:{token.TokenId}",
            LoginMethodRule method => $"login_method:{method.IdentityProviderId}",
            AuthenticationMethodRule method => $"auth_method:{method.Method}",
            CommonNameRule name => $"common_name:{name.CommonName}",
            EmailListRule list => $"email_list:{list.ListId}",
            IpListRule list => $"ip_list:{list.ListId}",
            DevicePostureRule { AccountId: null } posture => $"device_posture:{posture.IntegrationId}",
            LinkedAppTokenRule token => $"linked_app_token:{token.ApplicationId}",
            UserRiskScoreRule risk => $"user_risk_score:{string.Join(',', risk.Levels)}",
            AccountMemberRule member => $"cloudflare_account_member:{member.AccountId}",
            _ => null,
        };
        // Values of the API that would not read back as they are, such as an id with a space at its end.
        return text is not null && text.AsSpan(text.IndexOf(':', StringComparison.Ordinal) + 1) is var value
            && value.Trim().Length == value.Length ? text : AccessRuleJson.ToJson(rule);
    }

    internal static EmailRule? Email(string text)
    {
        var at = text.LastIndexOf('@');
        return at > 0 && text.Length <= MaxEmailLength && IsPlain(text) && IsDomain(text[(at + 1)..]) ? new EmailRule(text) : null;
    }

    internal static EmailDomainRule? EmailDomain(string text) => IsDomain(text) ? new EmailDomainRule(text) : null;

    internal static IpRangeRule? IpRange(string text) => IpRanges.TryParse(text, out var range) ? new IpRangeRule(range) : null;

    internal static CountryRule? Country(string text) =>
        text is [>= 'A' and <= 'Z' or >= 'a' and <= 'z', var last] && char.IsAsciiLetterOrDigit(last) ? new CountryRule(text) : null;

    internal static UserRiskScoreRule? UserRiskScore(string[] levels) =>
        Array.TrueForAll(levels, level => RiskLevels.Contains(level)) ? new UserRiskScoreRule(levels) : null;

    /// <summary>What a value of a rule may be at all.</summary>
    internal static bool IsText(string text) =>
        text.Length is > 0 and <= SelectorMembers.MaxTextLength
        // Half of a surrogate pair is enumerated as the replacement character.
        && text.EnumerateRunes().All(rune => !Rune.IsControl(rune) && rune != Rune.ReplacementChar);

    internal static string Shorten(string text) => text.Length <= 80 ? text : string.Concat(text.AsSpan(0, 77), "...");

    private static AccessRule? Word(string word) => word switch
    {
        "everyone" => new EveryoneRule(),
        "any_valid_service_token" => new AnyValidServiceTokenRule(),
        "certificate" => new CertificateRule(),
        "cloudflare_account_member" => new AccountMemberRule(),
        _ => null,
    };

    private static AccessRule? Pair(string selector, string value) => selector switch
    {
        "email" => Email(value),
        "email_domain" => EmailDomain(value.StartsWith('@') ? value[1..] : value),
        "ip" => IpRange(value),
        _ when !IsText(value) => null,
        "country" or "geo" => Country(value.ToUpperInvariant()),
        "group" => new GroupRule(value),
        "service_token" => new ServiceTokenRule(value),
        "login_method" => new LoginMethodRule(value),
        "auth_method" => new AuthenticationMethodRule(value),
        "common_name" => new CommonNameRule(value),
        "email_list" => new EmailListRule(value),
        "ip_list" => new IpListRule(value),
        "device_posture" => new DevicePostureRule(value),
        "linked_app_token" => new LinkedAppTokenRule(value),
        "user_risk_score" => UserRiskScore(value.Split(',', StringSplitOptions.TrimEntries)),
        "cloudflare_account_member" => new AccountMemberRule(value),
        _ => null,
    };

    private static AccessRule? Bare(string text) =>
        text.StartsWith('@') ? EmailDomain(text[1..])
        : text.Contains('@') ? Email(text)
        : IpRange(text);

    private static bool IsPlain(string text) => text.All(c => !char.IsWhiteSpace(c) && !char.IsControl(c) && c is not ('{' or '}'));

    private static bool IsDomain(string text) =>
        text.Length is > 0 and <= 255
        && text.All(c => char.IsLetterOrDigit(c) || c is '.' or '-' or '_')
        && !text.Split('.').Contains("");
}
