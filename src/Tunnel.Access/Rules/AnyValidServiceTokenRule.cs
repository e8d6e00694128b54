namespace Tunnel.Access;

/// <summary>Matches visitors who proved that they hold any service token of the account.</summary>
public sealed record AnyValidServiceTokenRule : AccessRule
{
    /// <inheritdoc/>
    public override string Selector => "any_valid_service_token";

    internal override RuleMatch Matches(AccessVisitor visitor) =>
        visitor.ServiceTokenId is null ? RuleMatch.No : RuleMatch.Yes;
}
