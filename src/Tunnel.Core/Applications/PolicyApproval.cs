using Tunnel.Core.Api;

namespace Tunnel.Core.Applications;

/// <summary>Says who has to approve before a policy lets people in.</summary>
public static class PolicyApproval
{
    /// <summary>The policy with these approvers in the place of its own.</summary>
    /// <param name="policy">The policy.</param>
    /// <param name="approvers">Email addresses; empty: nobody has to approve. Null: those that the policy names.</param>
    /// <param name="needed">How many of them; null: as many as before, else one.</param>
    /// <exception cref="ArgumentException">Not an address, or more are needed than there are.</exception>
    public static T WithApprovers<T>(this T policy, IReadOnlyList<string>? approvers, int? needed)
        where T : PolicyDefinition
    {
        ArgumentNullException.ThrowIfNull(policy);
        if (approvers is null && needed is null)
        {
            return policy;
        }

        if (approvers is { Count: 0 })
        {
            return policy with { RequiresApproval = false, ApprovalGroups = [] };
        }

        AccessApprovalGroup? present = policy.ApprovalGroups is [var only] ? only : null;
        IReadOnlyList<string> emails = approvers ?? present?.EmailAddresses ?? [];
        if (emails.FirstOrDefault(email => email.Count(c => c == '@') != 1 || email.Any(char.IsWhiteSpace)) is { } wrong)
        {
            throw new ArgumentException($"'{wrong}' is not an email address.", nameof(approvers));
        }

        int count = needed ?? present?.ApprovalsNeeded ?? 1;
        if (emails.Distinct(StringComparer.OrdinalIgnoreCase).Count() < count)
        {
            throw new ArgumentException(
                $"{count} approvals are needed of {emails.Count} approver(s): nobody would get in. Name more with -Approver.", nameof(needed));
        }

        return policy with
        {
            RequiresApproval = true,
            ApprovalGroups =
            [
                new AccessApprovalGroup
                {
                    ApprovalsNeeded = count,
                    EmailAddresses = emails,
                    EmailListUuid = approvers is null ? present?.EmailListUuid : null,
                },
            ],
        };
    }
}
