namespace Tunnel.Access;

/// <summary>Matches visitors who showed a valid client certificate.</summary>
public sealed record CertificateRule : AccessRule
{
    /// <inheritdoc/>
    public override string Selector => "certificate";

    internal override string WhyUnknown => "nobody asked the visitor for a client certificate";

    internal override RuleMatch Matches(AccessVisitor visitor) =>
        visitor.Certificate is { } certificate ? Match(certificate.IsPresent) : RuleMatch.Unknown;
}
