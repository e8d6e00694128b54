using System.Text.Json;

namespace Tunnel.Access;

/// <summary>Matches visitors who proved in one way who they are, as far as their identity provider tells.</summary>
/// <param name="Method">The way, in the words of RFC 8176 (<c>mfa</c>, <c>hwk</c>, <c>otp</c>, ...).</param>
public sealed record AuthenticationMethodRule(string Method) : AccessRule
{
    /// <inheritdoc/>
    public override string Selector => "auth_method";

    internal override string WhyUnknown => "the sign-in did not tell";

    internal override RuleMatch Matches(AccessVisitor visitor) =>
        !visitor.IsSignedIn ? RuleMatch.NeedsIdentity
        : visitor.AuthenticationMethods is not { } methods ? RuleMatch.Unknown
        : Match(methods.Contains(Method, StringComparer.Ordinal));

    internal override void WriteMembers(Utf8JsonWriter writer) => writer.WriteString("auth_method", Method);
}
