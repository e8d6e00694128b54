namespace Tunnel.Access;

/// <summary>Matches visitors who come from an address in a list of IP addresses and ranges.</summary>
/// <param name="ListId">The list's id in the API.</param>
public sealed record IpListRule(string ListId) : ListRule(ListId)
{
    /// <inheritdoc/>
    public override string Selector => "ip_list";

    internal override AccessListKind Kind => AccessListKind.Ip;

    internal override RuleMatch MatchesList(AccessVisitor visitor, AccessList list) =>
        visitor.Address is { } address ? Match(list.Contains(address)) : RuleMatch.Unknown;
}
