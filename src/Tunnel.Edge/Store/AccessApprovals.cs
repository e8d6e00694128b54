using System.Collections.Immutable;
using System.Security.Cryptography;

namespace Tunnel.Edge.Store;

/// <summary>
/// Who asked to be let in by somebody's approval. Kept in the database, and in memory, so that a request is decided without
/// a look at the disk.
/// </summary>
public sealed class AccessApprovals
{
    /// <summary>Of one person for one application in a day: each is a message to every approver.</summary>
    public const int MaxPerDay = 5;

    private static readonly TimeSpan s_day = TimeSpan.FromDays(1);

    private readonly EdgeDatabase _database;
    private readonly TimeProvider _time;
    private readonly Lock _changing = new();
    private ImmutableDictionary<string, AccessApproval> _approvals;

    internal AccessApprovals(EdgeDatabase database, TimeProvider time)
    {
        (_database, _time) = (database, time);
        _approvals = database.Read(AccessApprovalRows.Load);
    }

    /// <summary>An approver said something: what is open under it has to be looked at anew.</summary>
    public event Action? Changed;

    /// <summary>A request, be it over or not; null when there is none, or its application is gone.</summary>
    public AccessApproval? Find(string id)
    {
        ArgumentNullException.ThrowIfNull(id);
        return _approvals.GetValueOrDefault(id);
    }

    /// <summary>
    /// What a person asked last of an application's policy; null for nothing. Only the latest request counts: an approver who
    /// ends it has ended what the person has.
    /// </summary>
    /// <param name="email">In lower case.</param>
    public AccessApproval? Latest(string email, Guid applicationId, string policyId) =>
        Of(email, applicationId).Where(a => a.PolicyId == policyId).MaxBy(a => a.RequestedAt);

    /// <summary>The requests whose end is not on record yet.</summary>
    public IReadOnlyList<AccessApproval> NotEnded => [.. _approvals.Values.Where(a => a.EndedAt is null)];

    /// <summary>The next moment at which an approval of a person for an application can end; null when there is none.</summary>
    public DateTimeOffset? NextEnd(string email, Guid applicationId)
    {
        var now = _time.GetUtcNow();
        return Of(email, applicationId).SelectMany(a => a.Votes).Where(v => v.Approves && v.Until > now)
            .Select(v => (DateTimeOffset?)v.Until).Min();
    }

    /// <summary>Writes a request down; null when the person has asked too often in the last day.</summary>
    public AccessApproval? Ask(AccessApproval asked)
    {
        ArgumentNullException.ThrowIfNull(asked);
        var now = _time.GetUtcNow();
        lock (_changing)
        {
            if (Of(asked.Email, asked.ApplicationId).Count(a => a.RequestedAt > now - s_day) >= MaxPerDay)
            {
                return null;
            }

            asked = asked with { Id = RandomNumberGenerator.GetHexString(32, lowercase: true), Votes = [] };
            var over = _approvals.Values.Where(a => a.EndedAt is not null && a.ExpiresAt < now - s_day && a.Votes.All(v => v.Until < now)).Select(a => a.Id).ToArray();
            _database.WriteApart(c =>
            {
                AccessApprovalRows.Delete(c, over);
                return AccessApprovalRows.Insert(c, asked);
            });
            _approvals = _approvals.RemoveRange(over).Add(asked.Id, asked);
            return asked;
        }
    }

    /// <summary>Writes down what an approver says, in the place of what they said before; null when the request is gone.</summary>
    public AccessApproval? Vote(string id, AccessApprovalVote vote)
    {
        ArgumentNullException.ThrowIfNull(id);
        ArgumentNullException.ThrowIfNull(vote);
        AccessApproval? approval;
        lock (_changing)
        {
            if (!_approvals.TryGetValue(id, out approval))
            {
                return null;
            }

            approval = approval with { Votes = [.. approval.Votes.Where(v => v.Email != vote.Email), vote] };
            // On the disk first: what was answered as refused must not come back with a restart.
            _database.WriteApart(c => AccessApprovalRows.Put(c, id, vote));
            _approvals = _approvals.SetItem(id, approval);
        }

        Changed?.Invoke();
        return approval;
    }

    /// <summary>Remembers that a request's end is on record.</summary>
    public void End(string id)
    {
        ArgumentNullException.ThrowIfNull(id);
        lock (_changing)
        {
            if (_approvals.TryGetValue(id, out var approval))
            {
                var ended = approval with { EndedAt = _time.GetUtcNow() };
                _database.WriteApart(c => AccessApprovalRows.End(c, id, ended.EndedAt.Value));
                _approvals = _approvals.SetItem(id, ended);
            }
        }
    }

    private IEnumerable<AccessApproval> Of(string email, Guid applicationId) =>
        _approvals.Values.Where(a => a.ApplicationId == applicationId && a.Email == email);
}
