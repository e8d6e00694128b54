namespace Tunnel.Access;

/// <summary>Matches visitors who signed in with an address that is in a list of e-mail addresses. Case does not count.</summary>
/// <param name="ListId">The list's id in the API.</param>
public sealed record EmailListRule(string ListId) : ListRule(ListId)
{
    /// <inheritdoc/>
    public override string Selector => "email_list";

    internal override AccessListKind Kind => AccessListKind.Email;

    internal override RuleMatch MatchesList(AccessVisitor visitor, AccessList list) =>
        visitor.Email is { Length: > 0 } email ? Match(list.Contains(email)) : RuleMatch.NeedsIdentity;
}
