using System.Runtime.CompilerServices;
using Tunnel.Core.Api;

namespace Tunnel.Core.Applications;

/// <summary>The policies of one account's Access applications.</summary>
public sealed class PolicyCatalog(TunnelApiClient api, string accountId)
{
    /// <summary>The application's policies of that name or id, in the order in which they are listed.</summary>
    public async IAsyncEnumerable<ApplicationPolicy> ListAsync(
        string applicationId,
        string? identity = null,
        [EnumeratorCancellation] CancellationToken cancellationToken = default)
    {
        await foreach (AccessPolicyResource resource in api.Policies
            .ListAsync(accountId, applicationId, cancellationToken).ConfigureAwait(false))
        {
            if (identity is null || resource.Id == identity || IsSame(resource.Name, identity))
            {
                yield return ApplicationPolicy.From(applicationId, resource);
            }
        }
    }

    /// <summary>The application's one policy of that name or id.</summary>
    /// <exception cref="ResourceNotFoundException">There is none.</exception>
    public async Task<ApplicationPolicy> GetAsync(
        string applicationId, string identity, CancellationToken cancellationToken)
    {
        await foreach (ApplicationPolicy policy in ListAsync(applicationId, identity, cancellationToken)
            .ConfigureAwait(false))
        {
            return policy;
        }

        throw new ResourceNotFoundException(
            $"The application has no policy '{identity}'. Create it with New-AccessPolicy.");
    }

    /// <summary>The policy as asked for: the one of that name that is there already, or a new one.</summary>
    /// <exception cref="ResourceConflictException">A policy of that name says something else.</exception>
    public async Task<ApplicationPolicy> EnsureAsync(ApplicationPolicy wanted, CancellationToken cancellationToken)
    {
        ArgumentNullException.ThrowIfNull(wanted);
        await foreach (ApplicationPolicy existing in ListAsync(wanted.ApplicationId, wanted.Name, cancellationToken)
            .ConfigureAwait(false))
        {
            return wanted.IsMetBy(existing) ? existing : throw new ResourceConflictException(
                $"The application has a policy '{wanted.Name}' that says something else. Change it with Set-AccessPolicy.");
        }

        AccessPolicyResource created = await api.Policies
            .CreateAsync(accountId, wanted.ApplicationId, wanted.ToResource(), cancellationToken).ConfigureAwait(false);
        return ApplicationPolicy.From(wanted.ApplicationId, created);
    }

    /// <summary>Replaces the policy that has the id.</summary>
    public async Task<ApplicationPolicy> UpdateAsync(ApplicationPolicy policy, CancellationToken cancellationToken)
    {
        ArgumentNullException.ThrowIfNull(policy);
        AccessPolicyResource current = await api.Policies
            .GetAsync(accountId, policy.ApplicationId, policy.Id, cancellationToken).ConfigureAwait(false);
        AccessPolicyResource updated = await api.Policies
            .UpdateAsync(accountId, policy.ApplicationId, policy.ToResource(current), cancellationToken)
            .ConfigureAwait(false);
        return ApplicationPolicy.From(policy.ApplicationId, updated);
    }

    public Task RemoveAsync(string applicationId, string policyId, CancellationToken cancellationToken) =>
        api.Policies.DeleteAsync(accountId, applicationId, policyId, cancellationToken);

    private static bool IsSame(string left, string right) =>
        string.Equals(left, right, StringComparison.OrdinalIgnoreCase);
}
