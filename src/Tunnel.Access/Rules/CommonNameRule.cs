using System.Text.Json;

namespace Tunnel.Access;

/// <summary>Matches visitors whose valid client certificate has one common name. Case does not count (X.520, 6.2.2).</summary>
/// <param name="CommonName">The common name of the certificate's subject.</param>
public sealed record CommonNameRule(string CommonName) : AccessRule
{
    /// <inheritdoc/>
    public override string Selector => "common_name";

    internal override string WhyUnknown => "nobody asked the visitor for a client certificate";

    internal override RuleMatch Matches(AccessVisitor visitor) => visitor.Certificate is { } certificate
        ? Match(certificate.IsPresent && string.Equals(certificate.CommonName, CommonName, StringComparison.OrdinalIgnoreCase))
        : RuleMatch.Unknown;

    internal override void WriteMembers(Utf8JsonWriter writer) => writer.WriteString("common_name", CommonName);
}
