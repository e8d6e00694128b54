using System.Text.Json;

namespace Tunnel.Access;

/// <summary>Matches visitors who proved that they hold one service token.</summary>
/// <param name="TokenId">The token's id in the API (not its client id).</param>
public sealed record ServiceTokenRule(string TokenId) : AccessRule
{
    /// <inheritdoc/>
    public override string Selector => "service_token";

    internal override RuleMatch Matches(AccessVisitor visitor) =>
        visitor.ServiceTokenId is { } id && string.Equals(id, TokenId, StringComparison.OrdinalIgnoreCase)
            ? RuleMatch.Yes
            : RuleMatch.No;

    internal override void WriteMembers(Utf8JsonWriter writer) => writer.WriteString("token_id", TokenId);

    /// <summary>Equal ids, whatever their case.</summary>
    public bool Equals(ServiceTokenRule? other) => string.Equals(TokenId, other?.TokenId, StringComparison.OrdinalIgnoreCase);

    public override int GetHashCode() => StringComparer.OrdinalIgnoreCase.GetHashCode(TokenId);
}
