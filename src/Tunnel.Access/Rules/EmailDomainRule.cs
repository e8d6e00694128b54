using System.Text.Json;

namespace Tunnel.Access;

/// <summary>
/// Matches visitors who signed in with an address of one domain: what stands behind the last <c>@</c>. Subdomains do not
/// match, case does not count.
/// </summary>
/// <param name="Domain">The domain, without the <c>@</c>.</param>
public sealed record EmailDomainRule(string Domain) : AccessRule
{
    /// <inheritdoc/>
    public override string Selector => "email_domain";

    internal override RuleMatch Matches(AccessVisitor visitor)
    {
        if (visitor.Email is not { Length: > 0 } email)
        {
            return RuleMatch.NeedsIdentity;
        }
        var at = email.LastIndexOf('@');
        return at > 0 && Domain.Length > 0 && email.AsSpan(at + 1).Equals(Domain, StringComparison.OrdinalIgnoreCase)
            ? RuleMatch.Yes
            : RuleMatch.No;
    }

    internal override void WriteMembers(Utf8JsonWriter writer) => writer.WriteString("domain", Domain);

    /// <summary>Equal domains, whatever their case.</summary>
    public bool Equals(EmailDomainRule? other) => string.Equals(Domain, other?.Domain, StringComparison.OrdinalIgnoreCase);

    public override int GetHashCode() => StringComparer.OrdinalIgnoreCase.GetHashCode(Domain);
}
