using Tunnel.Access;

namespace Tunnel.Edge.Store;

/// <summary>People of whom some have to approve (<c>approval_groups</c> of a policy).</summary>
/// <param name="Needed">How many of them.</param>
/// <param name="Emails">Their addresses, in lower case.</param>
/// <param name="List">More of them: a list of the account, as it is now; null for none.</param>
public sealed record AccessApproverGroup(int Needed, IReadOnlySet<string> Emails, AccessList? List = null)
{
    /// <summary>Everybody in it, in lower case, and once.</summary>
    public IEnumerable<string> Everybody => List is null ? Emails : Emails.Concat(List.Emails.Select(AccessUserTable.Normalize)).Distinct();

    /// <summary>Whether somebody is in it.</summary>
    /// <param name="email">In lower case.</param>
    public bool Contains(string email) => Emails.Contains(email) || List?.Contains(email) == true;
}
