using Tunnel.Access;
using Tunnel.Core.Api;

namespace Tunnel.Core.Applications;

/// <summary>Finds what names a group or a list in its rules.</summary>
internal sealed class RuleUse(TunnelApiClient api, string accountId)
{
    /// <summary>The policies and groups that name it, in words.</summary>
    /// <param name="names">Whether a rule does.</param>
    /// <param name="namesApprovers">Whether a policy does where it says who approves.</param>
    /// <param name="cancellationToken">Stops the calls.</param>
    public async Task<IReadOnlyList<string>> FindAsync(
        Func<AccessRule, bool> names, Func<AccessApprovalGroup, bool> namesApprovers, CancellationToken cancellationToken)
    {
        var users = new List<string>();
        await foreach (AccessPolicyResource policy in api.ReusablePolicies
            .ListAsync(accountId, cancellationToken: cancellationToken).ConfigureAwait(false))
        {
            Add(policy.Include, policy.Require, policy.Exclude, policy.ApprovalGroups, $"the reusable policy '{policy.Name}'");
        }

        await foreach (AccessApplication application in api.Applications
            .ListAsync(accountId, cancellationToken: cancellationToken).ConfigureAwait(false))
        {
            foreach (AccessPolicyResource policy in (application.Policies ?? []).Where(p => p.Reusable != true))
            {
                Add(policy.Include, policy.Require, policy.Exclude, policy.ApprovalGroups, $"the policy '{policy.Name}' of {application.Domain}");
            }
        }

        await foreach (AccessGroupResource group in api.Groups
            .ListAsync(accountId, cancellationToken: cancellationToken).ConfigureAwait(false))
        {
            Add(group.Include, group.Require, group.Exclude, null, $"the group '{group.Name}'");
        }

        return users;

        void Add(
            IReadOnlyList<AccessRule>? include, IReadOnlyList<AccessRule>? require, IReadOnlyList<AccessRule>? exclude,
            IReadOnlyList<AccessApprovalGroup>? approvers, string user)
        {
            if ((include ?? []).Concat(require ?? []).Concat(exclude ?? []).Any(names) || (approvers ?? []).Any(namesApprovers))
            {
                users.Add(user);
            }
        }
    }
}
