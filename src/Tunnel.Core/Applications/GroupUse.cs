using Tunnel.Access;
using Tunnel.Core.Api;

namespace Tunnel.Core.Applications;

/// <summary>Finds what names a group in its rules.</summary>
internal sealed class GroupUse(TunnelApiClient api, string accountId)
{
    /// <summary>The policies and groups that name the group, in words.</summary>
    public async Task<IReadOnlyList<string>> FindAsync(string groupId, CancellationToken cancellationToken)
    {
        var users = new List<string>();
        await foreach (AccessPolicyResource policy in api.ReusablePolicies
            .ListAsync(accountId, cancellationToken: cancellationToken).ConfigureAwait(false))
        {
            Add(policy.Include, policy.Require, policy.Exclude, $"the reusable policy '{policy.Name}'");
        }

        await foreach (AccessApplication application in api.Applications
            .ListAsync(accountId, cancellationToken: cancellationToken).ConfigureAwait(false))
        {
            foreach (AccessPolicyResource policy in (application.Policies ?? []).Where(p => p.Reusable != true))
            {
                Add(policy.Include, policy.Require, policy.Exclude, $"the policy '{policy.Name}' of {application.Domain}");
            }
        }

        await foreach (AccessGroupResource group in api.Groups
            .ListAsync(accountId, cancellationToken: cancellationToken).ConfigureAwait(false))
        {
            Add(group.Include, group.Require, group.Exclude, $"the group '{group.Name}'");
        }

        return users;

        void Add(IReadOnlyList<AccessRule>? include, IReadOnlyList<AccessRule>? require, IReadOnlyList<AccessRule>? exclude, string user)
        {
            if ((include ?? []).Concat(require ?? []).Concat(exclude ?? []).OfType<GroupRule>()
                .Any(rule => string.Equals(rule.GroupId, groupId, StringComparison.OrdinalIgnoreCase)))
            {
                users.Add(user);
            }
        }
    }
}
