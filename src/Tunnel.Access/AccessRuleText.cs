namespace Tunnel.Access;

/// <summary>
/// The short forms in which people type rules: <c>everyone</c>, <c>alice@example.com</c>, <c>@example.com</c>,
/// <c>10.0.0.0/8</c>, <c>service_token:ID</c>, <c>any_valid_service_token</c>. Each may be written with its selector in
/// front (<c>email:</c>, <c>email_domain:</c>, <c>ip:</c>); whatever begins with a brace is the API's JSON.
/// </summary>
public static class AccessRuleText
{
    /// <summary>Longest address of RFC 5321: 64 octets, the sign, 255 octets.</summary>
    internal const int MaxEmailLength = 320;

    private const string Forms =
        "Write everyone, alice@example.com, @example.com, 10.0.0.0/8, service_token:ID or any_valid_service_token.";

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
        var selector = colon < 0 ? rule : rule[..colon];
        var value = colon < 0 ? "" : rule[(colon + 1)..].Trim();
        AccessRule? parsed = selector.ToLowerInvariant() switch
        {
            "everyone" when colon < 0 => new EveryoneRule(),
            "any_valid_service_token" when colon < 0 => new AnyValidServiceTokenRule(),
            "email" when colon >= 0 => Email(value),
            "email_domain" when colon >= 0 => EmailDomain(value),
            "ip" when colon >= 0 => IpRange(value),
            "service_token" when colon >= 0 => ServiceToken(value),
            _ when rule.StartsWith('@') => EmailDomain(rule),
            _ when rule.Contains('@') => Email(rule),
            _ => IpRange(rule),
        };
        return parsed ?? throw new AccessRuleFormatException($"'{Shorten(rule)}' is not an Access rule. {Forms}");
    }

    /// <summary>The short form of a rule; <see cref="Parse"/> reads it back.</summary>
    public static string Format(AccessRule rule) => rule switch
    {
        EveryoneRule or AnyValidServiceTokenRule => rule.Selector,
        EmailRule email => email.Email,
        EmailDomainRule domain => "@" + domain.Domain,
        IpRangeRule range => IpRanges.Format(range.Range),
        ServiceTokenRule token => $"service_token:{token.TokenId}",
        _ => AccessRuleJson.ToJson(rule),
    };

    internal static EmailRule? Email(string text)
    {
        var at = text.LastIndexOf('@');
        return at > 0 && text.Length <= MaxEmailLength && IsPlain(text) && IsDomain(text[(at + 1)..]) ? new EmailRule(text) : null;
    }

    internal static EmailDomainRule? EmailDomain(string text)
    {
        var domain = text.StartsWith('@') ? text[1..] : text;
        return IsDomain(domain) ? new EmailDomainRule(domain) : null;
    }

    internal static IpRangeRule? IpRange(string text) => IpRanges.TryParse(text, out var range) ? new IpRangeRule(range) : null;

    internal static ServiceTokenRule? ServiceToken(string text) =>
        text.Length is > 0 and <= 128 && IsPlain(text) ? new ServiceTokenRule(text) : null;

    internal static string Shorten(string text) => text.Length <= 80 ? text : string.Concat(text.AsSpan(0, 77), "...");

    private static bool IsPlain(string text) => text.All(c => !char.IsWhiteSpace(c) && !char.IsControl(c) && c is not ('{' or '}'));

    private static bool IsDomain(string text) =>
        text.Length is > 0 and <= 255
        && text.All(c => char.IsLetterOrDigit(c) || c is '.' or '-' or '_')
        && !text.Split('.').Contains("");
}
