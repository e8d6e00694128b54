using System.Net;
using System.Text.Json;

namespace Tunnel.Access;

/// <summary>
/// Matches visitors from a range of addresses. An IPv4 address that comes mapped into IPv6 counts as the IPv4 address
/// that it is.
/// </summary>
/// <param name="Range">The range; <see cref="IpRanges.TryParse"/> reads one from text.</param>
public sealed record IpRangeRule(IPNetwork Range) : AccessRule
{
    /// <inheritdoc/>
    public override string Selector => "ip";

    /// <summary>As the API wrote it (perhaps <c>10.1.2.3/8</c>): a rule is sent back as it came.</summary>
    internal string? Written { get; init; }

    internal override string WhyUnknown => "the visitor's address is not known";

    internal override RuleMatch Matches(AccessVisitor visitor) =>
        visitor.Address is not { } address ? RuleMatch.Unknown
        : Match(Range.Contains(IpRanges.Unmap(address)));

    internal override void WriteMembers(Utf8JsonWriter writer) => writer.WriteString("ip", Written ?? IpRanges.Format(Range));

    /// <summary>Equal ranges, however they are written.</summary>
    public bool Equals(IpRangeRule? other) => Range.Equals(other?.Range);

    public override int GetHashCode() => Range.GetHashCode();
}
