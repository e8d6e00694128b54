using System.Text.Json;

namespace Tunnel.Access;

/// <summary>Matches the visitor who signed in with one e-mail address. Case does not count.</summary>
/// <param name="Email">The address.</param>
public sealed record EmailRule(string Email) : AccessRule
{
    /// <inheritdoc/>
    public override string Selector => "email";

    internal override RuleMatch Matches(AccessVisitor visitor) =>
        !visitor.IsSignedIn ? RuleMatch.NeedsIdentity
        : string.Equals(visitor.Email, Email, StringComparison.OrdinalIgnoreCase) ? RuleMatch.Yes
        : RuleMatch.No;

    internal override void WriteMembers(Utf8JsonWriter writer) => writer.WriteString("email", Email);

    /// <summary>Equal addresses, whatever their case.</summary>
    public bool Equals(EmailRule? other) => string.Equals(Email, other?.Email, StringComparison.OrdinalIgnoreCase);

    public override int GetHashCode() => StringComparer.OrdinalIgnoreCase.GetHashCode(Email);
}
