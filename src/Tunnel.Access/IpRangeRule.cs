using System.Net;

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

    internal override RuleMatch Matches(AccessVisitor visitor) =>
        visitor.Address is not { } address ? RuleMatch.Unknown
        : Range.Contains(IpRanges.Unmap(address)) ? RuleMatch.Yes
        : RuleMatch.No;
}
