using System.Text.Json;

namespace Tunnel.Access;

/// <summary>
/// Matches visitors by what one identity provider says of them. Who signed in at another one does not match; who has not
/// signed in may yet.
/// </summary>
/// <param name="IdentityProviderId">The identity provider's id in the API.</param>
public abstract record IdentityProviderRule(string IdentityProviderId) : AccessRule
{
    internal override string WhyUnknown => "the sign-in did not tell";

    internal sealed override RuleMatch Matches(AccessVisitor visitor) =>
        !visitor.IsSignedIn ? RuleMatch.NeedsIdentity
        : visitor.LoginMethodId is not { Length: > 0 } method ? RuleMatch.Unknown
        : string.Equals(method, IdentityProviderId, StringComparison.OrdinalIgnoreCase) ? MatchesSignIn(visitor)
        : RuleMatch.No;

    /// <summary>Whether a visitor matches who signed in at this identity provider.</summary>
    internal abstract RuleMatch MatchesSignIn(AccessVisitor visitor);

    private protected static RuleMatch InGroup(AccessVisitor visitor, string group, StringComparer comparer) =>
        visitor.IdentityGroups is { } groups ? Match(groups.Contains(group, comparer)) : RuleMatch.Unknown;

    private protected static RuleMatch HasClaim(AccessVisitor visitor, string name, string value) =>
        visitor.Claims is not { } claims ? RuleMatch.Unknown
        : Match(claims.TryGetValue(name, out var values) && values.Contains(value, StringComparer.Ordinal));

    private protected void WriteIdentityProvider(Utf8JsonWriter writer) =>
        writer.WriteString("identity_provider_id", IdentityProviderId);
}
